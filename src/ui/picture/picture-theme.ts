/** The colours of a picture, as `#rrggbb`. */
export interface PictureTheme {
  background: string;
  foreground: string;
  /** The first 16 palette colours. */
  palette: readonly string[];
}

export const darkPicture: PictureTheme = {
  background: '#14161b',
  foreground: '#d7dae0',
  palette: [
    '#2a2e37',
    '#e06c75',
    '#8cc570',
    '#e5c07b',
    '#61afef',
    '#c678dd',
    '#56b6c2',
    '#c8ccd4',
    '#7d8590',
    '#ff7b86',
    '#a5e075',
    '#f0d399',
    '#7dc1ff',
    '#de9af5',
    '#6fd3e0',
    '#ffffff',
  ],
};
