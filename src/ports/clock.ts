/** The time, in ms since the epoch. Only `main/` reads the system's. */
export type Clock = () => number;
