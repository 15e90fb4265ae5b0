/** What one check of an adapter, or one recording that was played to it, has shown. */
export interface AdapterCheck {
  name: string;
  /** What is wrong, a sentence each; none: it holds. */
  problems: string[];
}

export interface AdapterReport {
  adapter: string;
  summary: string;
  checks: AdapterCheck[];
}
