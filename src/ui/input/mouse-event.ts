/** What the person's mouse did, in cells of the whole terminal from 0. */
export interface MouseEvent {
  kind: 'press' | 'release' | 'drag' | 'move' | 'wheel';
  /** 0 left, 1 middle, 2 right; of a drag the one that is held. */
  button: number;
  x: number;
  y: number;
  modifiers: { shift: boolean; alt: boolean; ctrl: boolean };
  /** Of `wheel` only: -1 up, 1 down. */
  wheel?: -1 | 1;
}
