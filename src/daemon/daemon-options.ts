import type { RunDirectory } from './run-directory.ts';

/** Which daemon, where, and as what its clients and it know each other. */
export interface DaemonOptions {
  directory: RunDirectory;
  name: string;
  protocol: number;
  version: string;
}
