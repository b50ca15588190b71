import { useEffect, useRef, useState } from "react";
import styles from "./product-picture.module.css";

/** The side of the picture in pixels, which it has before it is loaded, too. */
const side = 40;

/** A product's picture beside its title, or a grey one where there is none, or none that can be loaded. */
export function ProductPicture({ url }: { url: string | null }) {
  const [isBroken, setBroken] = useState(false);
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    // What failed before the page came alive has told nobody.
    if (image.current?.complete && image.current.naturalWidth === 0) setBroken(true);
  }, []);
  return (
    <span className={styles.picture} data-shape>
      {url === null || isBroken ? (
        <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">
          <path d="M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2z" />
          <path d="m4 14 3.6-3.6a1 1 0 0 1 1.4 0l5.5 5.6" />
          <circle cx="12.6" cy="7.6" r="1.2" />
        </svg>
      ) : (
        <img
          ref={image}
          src={url}
          alt=""
          width={side}
          height={side}
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      )}
    </span>
  );
}
