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

export const lightPicture: PictureTheme = {
  background: '#ffffff',
  foreground: '#1f2328',
  palette: [
    '#24292f',
    '#cf222e',
    '#1a7f37',
    '#9a6700',
    '#0969da',
    '#8250df',
    '#0b6e8a',
    '#59636e',
    '#59636e',
    '#a40e26',
    '#116329',
    '#7d4e00',
    '#0550ae',
    '#6639ba',
    '#0a5a70',
    '#24292f',
  ],
};
