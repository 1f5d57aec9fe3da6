/** The service's clock as this page knows it: it runs at the exercise's rate and is set by what the service sends. */

const KEPT = 16;
const STEP_MS = 1_500;

/**
 * The service's time, carried forward by this machine's steady clock.
 *
 * Each message gives one reading (its `at`, and when it came). A message that travelled longer makes the reading too
 * early, so the latest of the last few readings is believed; a reading far from it means the clock itself was moved.
 */
export class ServiceClock {
  private offsets: number[] = [];
  private rate = 1;

  /** How many seconds of service time pass in one of ours. A change forgets all readings. */
  setRate(rate: number): void {
    const sane = Number.isFinite(rate) && rate > 0 ? rate : 1;
    if (sane !== this.rate) {
      this.rate = sane;
      this.offsets = [];
    }
  }

  /** A reading: the service's `at` (ms since 1970) came at `steady` (ms of this machine's steady clock). */
  observe(at: number, steady: number): void {
    if (!Number.isFinite(at)) return;
    const offset = at - steady * this.rate;
    const believed = this.offset();
    if (believed !== null && Math.abs(offset - believed) > STEP_MS * this.rate) this.offsets = [];
    this.offsets.push(offset);
    if (this.offsets.length > KEPT) this.offsets.shift();
  }

  /** The service's time now, ms since 1970; `null` before the first reading. */
  now(steady: number): number | null {
    const offset = this.offset();
    return offset === null ? null : offset + steady * this.rate;
  }

  private offset(): number | null {
    return this.offsets.length === 0 ? null : Math.max(...this.offsets);
  }
}
