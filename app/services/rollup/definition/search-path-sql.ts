/**
 * Gives each function its search path: this schema and, last, temporary tables. So it finds its tables in sessions that
 * have an empty search path, such as a restore, too. Creating one anew takes the path away.
 */
export function toSearchPaths(functionNames: string[]): string {
  return `do $$
declare
  name text;
begin
  foreach name in array array[
    ${functionNames.map((name) => `'${name}'`).join(",\n    ")}
  ] loop
    execute format('alter function %I() set search_path = %I, pg_temp', name, current_schema());
    execute format('revoke all on function %I() from public', name);
  end loop;
end
$$;`;
}
