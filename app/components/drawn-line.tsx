import styles from "./chart.module.css";
import type { LineShape } from "./line-shape";

/** A line within a stretched drawing: dashed where it leads to days that are not over, hollow where such a day is alone. */
export function DrawnLine({ shape, hasArea }: { shape: LineShape; hasArea: boolean }) {
  const { solid, dashed, dots, openDots, area } = shape;
  return (
    <>
      {hasArea && area && <path className={styles.area} d={area} />}
      {solid && <path className={styles.line} d={solid} />}
      {dashed && <path className={`${styles.line} ${styles.open}`} d={dashed} />}
      {dots && <path className={styles.loneDot} d={dots} />}
      {openDots && (
        <>
          <path className={styles.loneDot} d={openDots} />
          <path className={styles.hole} d={openDots} />
        </>
      )}
    </>
  );
}
