/** One thing that a doctor found. */
export interface DoctorRow {
  check: string;
  what: string;
  why: string;
  /** What mending does; empty: only a person can. */
  fix: string;
  /** `person`: nothing mends it. `failed`: mending was tried. */
  state: 'found' | 'person' | 'mended' | 'failed';
  /** What mending did, or why it failed; null: it was not tried. */
  did: string | null;
  /** What a person does next; null: nothing. */
  next: string | null;
}
