import { type Clock, systemClock } from "../../src/clock.ts";

/** A clock that runs faster than the machine's, so that a lease of 10 seconds ends after a fraction of one. Both its times can be moved. */
export class ScaledClock implements Clock {
  readonly #speed: number;
  readonly #began = Date.now();
  #wall = 0;
  /** Scaled milliseconds for which the monotonic clock has stood still. */
  #stood = 0;
  #stoppedAt: number | null = null;

  constructor(speed: number) {
    this.#speed = speed;
  }

  now(): number {
    return this.#began + this.#passed() + this.#wall;
  }

  monotonic(): number {
    return (this.#stoppedAt ?? this.#passed()) - this.#stood;
  }

  setTimer(callback: () => void, delay: number): () => void {
    return systemClock.setTimer(callback, delay / this.#speed);
  }

  moveWall(by: number): void {
    this.#wall += by;
  }

  stopMonotonic(): void {
    this.#stoppedAt ??= this.#passed();
  }

  startMonotonic(): void {
    if (this.#stoppedAt !== null) this.#stood += this.#passed() - this.#stoppedAt;
    this.#stoppedAt = null;
  }

  #passed(): number {
    return (performance.timeOrigin + performance.now() - this.#began) * this.#speed;
  }
}
