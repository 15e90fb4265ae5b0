/** What the mouse did, in cells of the whole terminal. */
export interface MouseEvent {
  /** `move`: no button is held. */
  kind: 'press' | 'release' | 'drag' | 'move' | 'wheel';
  /** `none` for the wheel, for a further button, and where the terminal does not say which was let go. */
  button: 'left' | 'middle' | 'right' | 'none';
  /** Column and row from 0. */
  x: number;
  y: number;
  modifiers: { shift: boolean; alt: boolean; ctrl: boolean };
  /** -1 up, 1 down; 0 for a wheel that turns sideways, and all else. */
  wheel: -1 | 0 | 1;
  /** The button as reports number it, without modifiers: 0 to 2, 3 for none, 64 to 67 the wheel, 128 and on further ones. */
  code: number;
}
