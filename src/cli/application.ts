import { type ApplicationText, buildApplication, type RouteMap, text_en } from '@stricli/core';
import { asForgeError } from '../base/errors.ts';
import type { CliContext } from './command.ts';

/** The program of these commands; `text` replaces words of the parser. */
export function buildApplicationOf(routes: RouteMap<CliContext>, version: string, text: Partial<ApplicationText> = {}) {
  return buildApplication<CliContext>(routes, {
    name: 'forge',
    versionInfo: { currentVersion: version },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { caseStyle: 'convert-camel-to-kebab', onlyRequiredInUsageLine: true, disableAnsiColor: true },
    determineExitCode: (thrown) => asForgeError(thrown).exitCode,
    localization: { text: { ...text_en, ...text } },
  });
}
