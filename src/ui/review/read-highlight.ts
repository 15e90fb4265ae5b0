/** A part of a line and what it is in its language: `keyword`, `string`. */
export interface Span {
  from: number;
  to: number;
  scope: string;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

/** Reads what highlight.js makes of a text (spans in HTML): the spans of each line, the innermost name counts. */
export function readHighlight(html: string): Span[][] {
  const lines: Span[][] = [[]];
  const scopes: string[] = [];
  let column = 0;
  for (const [whole, scope, entity] of html.matchAll(
    /<span class="hljs-([\w-]+)[^>]*>|<\/?span[^>]*>|&([\w#]+);|[^<&]+|[<&]/g,
  )) {
    if (scope !== undefined) scopes.push(scope);
    else if (whole.startsWith('<span')) scopes.push(scopes.at(-1) ?? '');
    else if (whole === '</span>') scopes.pop();
    else take(entity === undefined ? whole : (entities[entity] ?? whole));
  }
  return lines;

  function take(text: string): void {
    const scope = scopes.at(-1) ?? '';
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) {
        lines.push([]);
        column = 0;
      }
      const spans = lines.at(-1) as Span[];
      const last = spans.at(-1);
      const to = column + part.length;
      if (last?.to === column && last.scope === scope) last.to = to;
      else if (part !== '' && scope !== '') spans.push({ from: column, to, scope });
      column = to;
    }
  }
}
