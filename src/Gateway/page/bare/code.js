// Without Node there is no QR code: the page shows the link only.

export const squaresOf = null;
