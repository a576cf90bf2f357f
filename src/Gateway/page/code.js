// A QR code as rows of squares, true for a dark one, with the bright margin that readers need. Loaded when somebody asks for one.

import { encode } from 'uqr';

export const squaresOf = text => encode(text, { border: 4 }).data;
