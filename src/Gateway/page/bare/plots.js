// Without Node there are no plots: the figures stand alone.

export const Plot = null;
