// Following a run past Streamlit: its newest frame, asked for again and again.

const GONE = Symbol("gone");
const FRAME_MS = 100; // between two questions; the steps of a pruning are not much quicker

/**
 * @param draw called with the prototypes of every new frame
 * @param end called once when the run has ended
 * @returns follow(address): draw what this run has to show, until it ends or another address, or null, is given
 */
export function follower(draw, end) {
  let followed = null;
  return async function follow(address) {
    if (address === followed) return;
    followed = address;
    let step = -1;
    while (address && address === followed) {
      const frame = await newest(new URL(`${address}&after=${step}`, document.baseURI));
      if (frame === GONE) return;
      if (frame && address === followed) {
        step = frame.step;
        draw(frame.prototypes);
        if (frame.ended) {
          end();
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
  };
}

/** A frame that is newer than the one last seen, null where there is none yet, or GONE where nobody knows the run. */
async function newest(url) {
  try {
    const response = await fetch(url, { cache: "no-store" });
    if (response.status === 200) return await response.json();
    return response.status === 404 ? GONE : null;
  } catch {
    return null; // the server may be away for a moment: the last picture stays
  }
}
