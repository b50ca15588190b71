/** The forms of a text, by the kind of count that it goes with. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Makes a language's choice between the forms of a text. */
export function makePlural(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  return (count, forms) => forms[rules.select(count)] ?? forms.other;
}
