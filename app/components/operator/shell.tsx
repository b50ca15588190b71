import { Form, Link, useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { logoutPath, operatorPath } from "~/operator/paths";
import styles from "./operator.module.css";

const pages = [
  { path: operatorPath, text: "Overview" },
  { path: `${operatorPath}/runs`, text: "Runs" },
  { path: `${operatorPath}/rebuild`, text: "Rebuild" },
  { path: `${operatorPath}/drift`, text: "Drift" },
  { path: `${operatorPath}/seals`, text: "Seals" },
  { path: `${operatorPath}/privacy`, text: "Privacy" },
];

/** The frame of every page of the operator's. */
export function Shell({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const isCurrent = (path: string) => pathname === path || (path !== operatorPath && pathname.startsWith(`${path}/`));
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <header className={styles.bar}>
        <span className={styles.brand}>Daily analytics, operator</span>
        <nav className={styles.nav} aria-label="Pages">
          {pages.map(({ path, text }) => (
            <Link key={path} to={path} aria-current={isCurrent(path) ? "page" : undefined}>
              {text}
            </Link>
          ))}
        </nav>
        <Form method="post" action={logoutPath}>
          <button type="submit">Log out</button>
        </Form>
      </header>
      <main id="content" className={styles.main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** A page outside of the frame: one panel. */
export function PlainShell({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.shell}>
      <main className={`${styles.main} ${styles.narrow}`}>
        <div className={styles.head}>
          <h1>{title}</h1>
        </div>
        {children}
      </main>
    </div>
  );
}
