import { z } from 'zod';
import { patternProblem } from '../domain/screen-pattern.ts';
import { ruleStates } from '../domain/status.ts';

const name = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
export const nameSchema = z.string().regex(name, 'a name of a-z, 0-9 and -, at most 64 characters');

/** A regular expression that is held against rows of a screen. */
export const screenPattern = z
  .string()
  .min(1, 'a regular expression')
  .max(200, 'at most 200 characters')
  .superRefine((source, { addIssue }) => {
    const problem = patternProblem(source);
    if (problem !== null) addIssue({ code: 'custom', message: `${problem}, found ${JSON.stringify(source)}` });
  });

/** How one state is read off a title or a screen. */
export const ruleOptions = z.strictObject({
  name: nameSchema.describe('What is shown as the evidence.'),
  state: z.enum(ruleStates).describe('What the program does when the rule fits.'),
  reason: z.string().max(200).default('').describe('What is shown beside the state, such as what it asks for.'),
  title: screenPattern
    .optional()
    .describe('Fits a title of the terminal. The first rule that fits decides, titles first.'),
  lines: z.array(screenPattern).min(1).max(10).optional().describe('Each fits some row of the screen.'),
});
