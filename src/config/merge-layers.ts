/** Settings as plain data: maps are merged key by key, everything else (lists too) replaces what was there. */
export type Values = { [key: string]: unknown };

export interface NamedLayer {
  /** `default`, the path of a file, or the name of an environment variable. */
  source: string;
  values: Values;
}

/** All layers as one, later ones over earlier ones, and where each leaf came from, by its dotted path. */
export function mergeLayers(layers: readonly NamedLayer[]): { values: Values; sources: Record<string, string> } {
  const values: Values = {};
  const sources: Record<string, string> = {};
  for (const layer of layers) mergeInto(values, sources, layer.values, layer.source, '');
  return { values, sources };
}

function mergeInto(
  target: Values,
  sources: Record<string, string>,
  from: Values,
  source: string,
  parent: string,
): void {
  for (const [key, value] of Object.entries(from)) {
    if (value === undefined || key === '__proto__') continue;
    const path = parent + key;
    if (!isMap(value)) {
      target[key] = value;
      sources[path] = source;
      continue;
    }
    if (!isMap(target[key])) target[key] = {};
    mergeInto(target[key] as Values, sources, value, source, `${path}.`);
  }
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
