/** A Markdown table; a `|` in a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(row)].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

export function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** A page of the reference: whoever finds it must see that editing it is in vain. */
export function page(title: string, source: string, ...blocks: string[]): string {
  const origin = `Generated from \`${source}\` by \`npm run reference\`. Change it there.`;
  return `${[`# ${title}`, origin, ...blocks].join('\n\n')}\n`;
}
