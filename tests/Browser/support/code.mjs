// Reads a QR code from its drawing, as a phone would from the screen.

import jsQR from 'jsqr';

const scale = 4; // pixels for a square

/**
 * @param {string} viewBox of the drawing
 * @param {string} drawing a path with a square of one unit for each dark one
 */
export function readCode(viewBox, drawing) {
  const size = Number(viewBox.split(' ')[2]);
  const width = size * scale;
  const dark = new Set([...drawing.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => y * size + Number(x)));
  const pixels = new Uint8ClampedArray(width * width * 4);
  for (let pixel = 0; pixel < width * width; pixel++) {
    const [x, y] = [Math.floor(pixel % width / scale), Math.floor(pixel / width / scale)];
    pixels.set(dark.has(y * size + x) ? [0, 0, 0, 255] : [255, 255, 255, 255], pixel * 4);
  }

  return (jsQR.default ?? jsQR)(pixels, width, width)?.data;
}
