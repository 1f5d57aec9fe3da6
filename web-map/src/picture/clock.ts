/** The service's clock as this page knows it: it runs at the exercise's rate and is set by what the service sends. */

/** Two machines' clocks drift apart by less than this, seconds in a second: what was believed gives way so slowly. */
const DRIFT = 0.0005;

/**
 * The service's time, carried forward by this machine's steady clock.
 *
 * Each message gives one reading (its `at`, and when it came). A message that travelled longer makes the reading too
 * early, and the service's clock never goes back: so the latest reading is believed, and an earlier one is a message that
 * came late. Only a new socket may set the clock back, because a service may have been started anew.
 */
export class ServiceClock {
  private believed: { readonly offset: number; readonly steady: number } | null = null;
  private rate = 1;
  private anew = false;

  /** How many seconds of service time pass in one of ours. A change forgets what was believed. */
  setRate(rate: number): void {
    const sane = Number.isFinite(rate) && rate > 0 ? rate : 1;
    if (sane !== this.rate) {
      this.rate = sane;
      this.believed = null;
    }
  }

  /** A new socket: its first reading is believed, whatever was before. */
  begin(): void {
    this.anew = true;
  }

  /** A reading: the service's `at` (ms since 1970) came at `steady` (ms of this machine's steady clock). */
  observe(at: number, steady: number): void {
    if (!Number.isFinite(at)) return;
    const offset = at - steady * this.rate, before = this.believed;
    const kept = before === null || this.anew ? offset : before.offset - DRIFT * this.rate * Math.max(0, steady - before.steady);
    this.anew = false;
    this.believed = { offset: Math.max(offset, kept), steady };
  }

  /** The machine slept so many ms in which its steady clock stood still. */
  slept(ms: number): void {
    if (this.believed !== null) this.believed = { ...this.believed, offset: this.believed.offset + ms * this.rate };
  }

  /** The service's time now, ms since 1970; `null` before the first reading. */
  now(steady: number): number | null {
    return this.believed === null ? null : this.believed.offset + steady * this.rate;
  }

  /** How late something the service said at `at` is here, in real ms. */
  lateness(at: number, steady: number): number {
    const now = this.now(steady);
    return now === null || !Number.isFinite(at) ? 0 : Math.max(0, (now - at) / this.rate);
  }
}
