import { Link, useLocation } from "@remix-run/react";
import styles from "./operator.module.css";

/** The way to the next page of a list and back to its first. `value` is null on the last one. */
export function NextPage({ field, value }: { field: string; value: string | null }) {
  const { pathname, search } = useLocation();
  const query = new URLSearchParams(search);
  const isFirst = !query.has(field);
  const toAddress = (next: string | null) => {
    const changed = new URLSearchParams(query);
    if (next === null) changed.delete(field);
    else changed.set(field, next);
    return changed.size > 0 ? `${pathname}?${changed}` : pathname;
  };
  if (isFirst && value === null) return null;
  return (
    <p className={styles.buttons}>
      {!isFirst && <Link to={toAddress(null)}>First page</Link>}
      {value !== null && <Link to={toAddress(value)}>Next page</Link>}
    </p>
  );
}
