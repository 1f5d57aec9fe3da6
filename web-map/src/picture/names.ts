/** The wire's shapes under the words of the house. Everything else in the page imports them from here. */

import type {
  AirspaceWire, AlarmFiguresWire, AlarmWire, ApproachPicture, AssessmentPicture, CitationWire, ClockPicture, CrossingPointWire, DeviceWire, DialoguePicture, EventWire, ExpectedAtWire, ExtentWire, FindingWire, HandoverWire, HeardPicture, HeldPicture, LikelyCrossingWire, LimitPicture, LinkPicture, LiveMessage, NoticePicture, OperationCardWire,
  OperationPicture, PersonWire, PositionWire, ReachedWire, RecallPicture, RoomWire, SaidWire, SightingWire, StripsWire, TermsWire, UnitPicture, WrittenWire,
} from "../wire.gen";

export type { Bulletin, CrossingBrief, Heartbeat, LiveMessage, NoticeFieldsWire as NoticeFields, Snapshot } from "../wire.gen";
export type Airspace = AirspaceWire;
export type Alarm = AlarmWire;
export type AlarmFigures = AlarmFiguresWire;
export type Approach = ApproachPicture;
export type Assessment = AssessmentPicture;
export type Citation = CitationWire;
export type Clock = ClockPicture;
export type CrossingPoint = CrossingPointWire;
export type DeviceNews = DeviceWire;
export type Dialogue = DialoguePicture;
export type Event = EventWire;
export type ExpectedAt = ExpectedAtWire;
export type Extent = ExtentWire;
export type Finding = FindingWire;
export type LikelyCrossing = LikelyCrossingWire;
export type Handover = HandoverWire;
export type Heard = HeardPicture;
export type Held = HeldPicture;
export type Limit = LimitPicture;
export type Notice = NoticePicture;
export type Operation = OperationPicture;
export type OperationCard = OperationCardWire;
export type Person = PersonWire;
export type Position = PositionWire;
export type Reached = ReachedWire;
export type Recall = RecallPicture;
export type Room = RoomWire;
export type RoomLink = LinkPicture;
export type Said = SaidWire;
export type Sighting = SightingWire;
export type SnapshotMessage = Extract<LiveMessage, { kind: "snapshot" }>;
export type StripAnswer = StripsWire;
export type Terms = TermsWire;
export type Unit = UnitPicture;
export type Written = WrittenWire;

/** The event of that kind, or of one of those kinds. */
export type EventOf<K extends Event["kind"]> = K extends unknown ? OfOne<Event, K> : never;
type OfOne<E, K> = E extends { kind: infer Kinds } ? (K extends Kinds ? E & { kind: K } : never) : never;
