// Where a slide show goes next.

export interface Slide {
  at: number;
  /** Whether it shows how the issue was left. */
  isAfter: boolean;
}

/** The next issue, and from the last one the first: a show in a hall goes round. */
export const forward = ({ at }: Slide, count: number): Slide => ({ at: (at + 1) % count, isAfter: false });
export const backward = ({ at }: Slide, count: number): Slide => ({ at: (at + count - 1) % count, isAfter: false });

/** The other picture of the same issue, if there is one. */
export const flipped = (now: Slide, hasAfter: boolean[]): Slide =>
  hasAfter[now.at] ? { ...now, isAfter: !now.isAfter } : now;

/** By itself: before, after, then the next issue. */
export const onTime = (now: Slide, hasAfter: boolean[]): Slide =>
  !now.isAfter && hasAfter[now.at] ? { ...now, isAfter: true } : forward(now, hasAfter.length);
