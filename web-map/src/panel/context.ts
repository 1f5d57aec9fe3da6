/** What every part of the page is drawn from, and what a person can do there. */

import type { Answer, CallMade, Change, Choice, HostAnswer, Opening, Saying, SightingOrder, TrackerPermission, VoiceNumber } from "../orders";
import type { Link } from "../picture/link";
import type { AlarmFigures, CrossingPoint, Operation, Written } from "../picture/names";
import type { Picture } from "../picture/picture";
import type { View } from "../picture/view";

/** What the map tells of itself. */
export interface MapTold { readonly hidden: number; readonly unlabelled: number; readonly frontier: "approximate" | "loading" | "own" | "missing"; readonly limits: readonly string[]; readonly scale: { readonly px: number; readonly text: string } }

export interface Actions {
  look(change: Partial<View>): void;
  /** Moves the map to a place. */
  show(lon: number, lat: number): void;
  home(): void;
  logIn(account: string, password: string): Promise<Answer<unknown>>;
  logOut(): void;
  sendNotice(operation: string, notice: string, code: "XNG" | "RQA", grounds: string | null): Promise<Answer<unknown>>;
  /** The numbers that two states agreed to call. */
  voiceNumbers(): Promise<readonly VoiceNumber[]>;
  /** Writes down that a notice was given by telephone. */
  giveByVoice(operation: string, notice: string, code: "XNG" | "RQA", voice: CallMade, grounds: string | null): Promise<Answer<unknown>>;
  /** Writes down that the host said by telephone that it has read a notice sent by mail or webhook. */
  readByCall(operation: string, notice: string, voice: CallMade): Promise<Answer<unknown>>;
  /** Writes down what the host answered to a notice. */
  answerNotice(operation: string, notice: string, answer: HostAnswer): Promise<Answer<unknown>>;
  /** The notice in the languages of both states; `null` when the service did not answer. */
  textsOf(operation: string, notice: string): Promise<readonly Written[] | null>;
  acknowledge(operation: string, notice: string): Promise<Answer<unknown>>;
  /** Says something to the other room of the hand-over. */
  say(operation: string, saying: Saying): Promise<Answer<unknown>>;
  open(opening: Opening): Promise<Answer<unknown>>;
  close(operation: string, reason: string, outcome: string | null): Promise<Answer<unknown>>;
  /** The digest of what the report says now; `null` when the service did not answer. */
  factsOf(operation: string): Promise<string | null>;
  stateInReport(operation: string, topic: string, text: string, language: string | null): Promise<Answer<unknown>>;
  permitTracker(operation: string, permission: TrackerPermission): Promise<Answer<unknown>>;
  signReport(operation: string, facts: string): Promise<Answer<unknown>>;
  change(operation: string, change: Change): Promise<Answer<unknown>>;
  sight(operation: string, seen: SightingOrder): Promise<Answer<unknown>>;
  takeAlarm(id: string): Promise<Answer<unknown>>;
  shelveAlarm(id: string, minutes: number, reason: string): Promise<Answer<unknown>>;
  /** How much was asked of the people lately; `null` when the service did not answer. */
  alarmFigures(): Promise<AlarmFigures | null>;
  offences(): Promise<readonly Choice[]>;
  hostStates(): Promise<readonly Choice[]>;
}

export interface Context {
  readonly picture: Picture;
  readonly view: View;
  readonly link: Link;
  /** The service's time, ms. */
  readonly now: number;
  /** This machine's steady clock, ms. */
  readonly steady: number;
  readonly frozen: boolean;
  readonly map: MapTold;
  readonly focus: Operation | null;
  /** The named places where roads cross a frontier. */
  readonly crossingPoints: readonly CrossingPoint[];
  readonly act: Actions;
}
