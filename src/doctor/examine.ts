import { asForgeError } from '../base/errors.ts';
import type { DoctorRow } from '../domain/doctor-report.ts';
import type { DoctorCheck, DoctorPlace, Finding } from './check.ts';
import { doctorChecks } from './checks.ts';

/** Looks at everything, one check after the other: each sees what the ones before have mended. */
export async function examine(place: DoctorPlace, isFix: boolean): Promise<DoctorRow[]> {
  const rows: DoctorRow[] = [];
  for (const check of doctorChecks) {
    for (const finding of await look(check, place)) rows.push(await rowOf(check, finding, isFix));
  }
  return rows;
}

async function look(check: DoctorCheck, place: DoctorPlace): Promise<Finding[]> {
  try {
    return await check.look(place);
  } catch (failure) {
    const { message, next } = asForgeError(failure);
    return [{ what: `This could not be looked at: ${message}`, next }];
  }
}

async function rowOf(
  { name, why, fix }: DoctorCheck,
  { what, mend, next }: Finding,
  isFix: boolean,
): Promise<DoctorRow> {
  const row = { check: name, what, why, fix: mend ? fix : '', did: null, next: next ?? null };
  if (!mend) return { ...row, state: 'person' };
  if (!isFix) return { ...row, state: 'found', next: 'forge doctor --fix' };
  try {
    return { ...row, state: 'mended', did: await mend(), next: null };
  } catch (failure) {
    return { ...row, state: 'failed', did: asForgeError(failure).message };
  }
}
