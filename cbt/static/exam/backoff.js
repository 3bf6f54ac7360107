// How long to wait before the next try: twice as long each time, with chance, so that a room does not knock in step.

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Return the pause after `failures` failures in a row: between half and the whole of 0.5 s, 1 s, 2 s ... 15 s. */
export function pauseMs(failures, chance = Math.random) {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return whole * (0.5 + chance() / 2);
}
