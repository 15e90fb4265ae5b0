import { plainText } from '../../base/text.ts';
import type { VariableOrigin } from '../../domain/agent-environment.ts';

/** A line a variable: as it is written, who says so, and where a `${VAR}` in it has its value. Never the value. */
export function variableLines(variables: readonly VariableOrigin[]): string[] {
  return variables.map(({ name, from, written, takes }) => {
    const sources = takes.map((taken) =>
      taken.from === null ? `${taken.name} is not set` : `${taken.name} from ${taken.from}`,
    );
    const text = written === null ? 'a secret as it stands' : plainText(JSON.stringify(written));
    return `${name} = ${text} (${[`by the ${from}`, ...sources].join('; ')})`;
  });
}

/** The lines, set in below what they belong to. */
export function withVariables(line: string, variables: readonly VariableOrigin[]): string {
  return [line, ...variableLines(variables).map((text) => `    ${text}`)].join('\n');
}
