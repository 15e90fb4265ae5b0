import { z } from 'zod';

/** A query under a name. */
export interface TaskFilter {
  name: string;
  query: string;
}

export const filterNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u, 'A name has letters, digits, - _ and dots, at most 64.');
