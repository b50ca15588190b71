import { makePlural } from "./plural";
import type { Texts } from "./texts";

const plural = makePlural("de");

export const de: Texts = {
  dashboard: {
    title: "Übersicht",
    introduction: [
      "Gesendete Anfragen und die Klickrate: mit der ersten Anfrage, die hinausgeht.",
      "Die Einreichungsrate und Ihre Top-Produkte: mit der ersten Kundenstimme, die Sie erhalten.",
      "Die Freigaberate und veröffentlichte Kundenstimmen: sobald Sie darüber entscheiden.",
    ],
    cardsAsTable: "Die Kennzahlen als Tabelle",
  },
  analytics: {
    title: "Analysen",
    introduction: [
      "Der Weg von der Anfrage bis zur Veröffentlichung: mit der ersten Anfrage, die hinausgeht.",
      "Der Verlauf und die Tabelle nach Tagen: an dem UTC-Tag, an dem etwas geschieht.",
      "Video und Foto im Vergleich: mit der ersten Kundenstimme, die jemand einreicht.",
    ],
  },
  testimonials: {
    title: "Kundenstimmen",
    placeholder:
      "Hier zeigt Ihre App für Kundenstimmen, was eingegangen ist, und Sie geben es frei oder lehnen es ab. Die Analysen selbst bringen diese Ansicht nicht mit.",
    lists: {
      pending: "Die Kundenstimmen, die auf Freigabe warten.",
      longWaiting: "Die Kundenstimmen, die am längsten warten.",
      lowRated: "Die Kundenstimmen mit 1 oder 2 Sternen, die auf Freigabe warten.",
      requests: "Die gesendeten Anfragen.",
      send: "Das Formular, mit dem Sie Anfragen senden.",
    },
  },
  introduction: {
    title: "Hier erscheinen Ihre Zahlen",
    text: "Bisher wurde nichts gesendet oder eingereicht. Sie müssen nichts einschalten: Jede Zahl steht hier, sobald etwas geschieht.",
    start: "Erste Anfrage senden",
  },

  metrics: {
    requestsSent: { label: "Gesendete Anfragen", says: "Anfragen, an dem UTC-Tag, an dem sie gesendet wurden." },
    requestsClicked: {
      label: "Angeklickte Anfragen",
      says: "Anfragen, an dem UTC-Tag, an dem sie angeklickt wurden. Eine Anfrage, deren Klickzeitpunkt nicht gespeichert ist, zählt an jedem Tag mit einem Klick-Ereignis einmal.",
    },
    submissionsCount: {
      label: "Einreichungen",
      says: "Kundenstimmen, an dem UTC-Tag, an dem sie eingereicht wurden.",
    },
    approvedCount: { label: "Freigegeben", says: "Kundenstimmen, an dem UTC-Tag, an dem sie freigegeben wurden." },
    publishedCount: {
      label: "Veröffentlicht",
      says: "Kundenstimmen, an dem UTC-Tag, an dem sie veröffentlicht wurden.",
    },
    videoSubmissionsCount: {
      label: "Einreichungen mit Video",
      says: "Kundenstimmen mit Video, an dem UTC-Tag, an dem sie eingereicht wurden.",
    },
    photoSubmissionsCount: {
      label: "Einreichungen mit Foto",
      says: "Kundenstimmen mit Foto, an dem UTC-Tag, an dem sie eingereicht wurden.",
    },
  },
  cohorts: {
    sentOpened: {
      label: "Bisher geöffnet",
      says: "Von den Anfragen, die an dem UTC-Tag gesendet wurden, die bis jetzt geöffneten oder angeklickten.",
    },
    sentClicked: {
      label: "Bisher angeklickt",
      says: "Von den Anfragen, die an dem UTC-Tag gesendet wurden, die bis jetzt angeklickten.",
    },
    sentSubmitted: {
      label: "Bisher beantwortet",
      says: "Von den Anfragen, die an dem UTC-Tag gesendet wurden, die bis jetzt mit einer Kundenstimme beantworteten.",
    },
    submittedApproved: {
      label: "Bisher freigegeben",
      says: "Von den Kundenstimmen, die an dem UTC-Tag eingereicht wurden, die bis jetzt freigegebenen.",
    },
    submittedRejected: {
      label: "Bisher abgelehnt",
      says: "Von den Kundenstimmen, die an dem UTC-Tag eingereicht wurden, die bis jetzt abgelehnten, die nie freigegeben waren.",
    },
    submittedPublished: {
      label: "Bisher veröffentlicht",
      says: "Von den Kundenstimmen, die an dem UTC-Tag eingereicht wurden, die bis jetzt veröffentlichten.",
    },
    ratingsSum: {
      label: "Summe der Bewertungen",
      says: "Die Sterne der Kundenstimmen, die an dem UTC-Tag eingereicht wurden, je 1 bis 5, zusammengezählt.",
    },
    ratingsCount: {
      label: "Bewertungen",
      says: "Von den Kundenstimmen, die an dem UTC-Tag eingereicht wurden, die mit 1 bis 5 Sternen bewerteten.",
    },
    ratings1: toStars("1 Stern", "1 Stern"),
    ratings2: toStars("2 Sterne", "2 Sternen"),
    ratings3: toStars("3 Sterne", "3 Sternen"),
    ratings4: toStars("4 Sterne", "4 Sternen"),
    ratings5: toStars("5 Sterne", "5 Sternen"),
  },
  figures: {
    clickRate: {
      label: "Klickrate",
      says: "Von den Anfragen, die an den gezeigten UTC-Tagen gesendet wurden, der bis jetzt angeklickte Anteil, wann auch immer das war.",
    },
    submissionRate: {
      label: "Einreichungsrate",
      says: "Von den Anfragen, die an den gezeigten UTC-Tagen gesendet wurden, der bis jetzt mit einer Kundenstimme beantwortete Anteil, wann auch immer das war.",
    },
    approvalRate: {
      label: "Freigaberate",
      says: "Von den Kundenstimmen, die an den gezeigten UTC-Tagen eingereicht wurden, der bis jetzt freigegebene Anteil, wann auch immer das war.",
    },
    publishedTestimonials: "Veröffentlichte Kundenstimmen",
  },
  definitions: { title: "Was an welchem Tag gezählt wird" },
  rates: { title: "Raten" },

  change: {
    none: "Unverändert",
    nothing: "Nichts zum Vergleichen",
    stillOpen: (count, days) =>
      `Noch offen: Die meisten Antworten kommen innerhalb von ${plural(count, { one: "einem Tag", other: `${days} Tagen` })}`,
    ofFirst: (change, count, days) =>
      `${change}, ${plural(count, { one: "am ersten Tag", other: `in den ersten ${days} Tagen` })}`,
    before: (value) => `Davor ${value}`,
    noneBefore: "Davor keine",
    few: (count, whole) => `${count} von ${whole}`,
    up: (size) => `Um ${size} gestiegen`,
    down: (size) => `Um ${size} gesunken`,
    points: (size) => `${size} Prozentpunkte`,
    lessThan: (size) => `weniger als ${size}`,
  },

  range: {
    label: "Gezeigte Tage",
    days: (count, days) => plural(count, { one: `${days} Tag`, other: `${days} Tage` }),
    today: "Heute",
    yesterday: "Gestern",
    months: "12 Monate",
    all: "Alle",
    custom: "Eigene",
    compareLabel: "Verglichen mit",
    previous: "Tage davor",
    year: "Jahr davor",
    from: "Von",
    to: "Bis",
    apply: "Anwenden",
    compared: (shown, before) => `${shown}, verglichen mit ${before}`,
    soFar: (shown) => `${shown}, bisher`,
    wholeCompared: (shown, whole, before) => `${shown}, bisher. Verglichen werden ganze Tage: ${whole} mit ${before}`,
    loading: "Die Zahlen werden geladen",
    showing: (range) => `Gezeigt wird: ${range}`,
    issue: (field, message) => `${field}: ${message}`,
    noSuchRange: (days) => `Den Zeitraum in dieser Adresse gibt es nicht. Gezeigt werden die letzten ${days} Tage.`,
    missing: "Wählen Sie einen Tag.",
    notBegun: (today) => `Wählen Sie einen Tag bis heute, den ${today} in UTC.`,
    noDay: (first, today) => `Wählen Sie einen Tag zwischen dem ${first} und heute, dem ${today}.`,
    beforeFrom: (from) => `Wählen Sie den ${from} oder einen späteren Tag.`,
    tooLong: (latest) => `Höchstens 5 Jahre lassen sich zeigen: Wählen Sie einen Tag bis zum ${latest}.`,
  },

  today: {
    title: "Heute bisher",
    sent: (count, value) => plural(count, { one: `${value} Anfrage gesendet`, other: `${value} Anfragen gesendet` }),
    clicked: (value) => `${value} angeklickt`,
    submitted: (count, value) => plural(count, { one: `${value} Kundenstimme`, other: `${value} Kundenstimmen` }),
    published: (value) => `${value} veröffentlicht`,
  },

  freshness: {
    daysAreUtc: "Tage sind UTC-Tage.",
    upToDate: (clock) => `Stand: ${clock}.`,
    recounted: (count, days, clock) =>
      plural(count, {
        one: `${days} Tag wird neu gezählt; die Zahlen enthalten ihn bereits. Stand: ${clock}.`,
        other: `${days} Tage werden neu gezählt; die Zahlen enthalten sie bereits. Stand: ${clock}.`,
      }),
    sealed: (day) => `Tage vor dem ${day} sind versiegelt, ihre Zahlen ändern sich nicht mehr.`,
  },

  failure: {
    outlook: "Nichts ist verloren, und diese Seite versucht es weiter.",
    notRefreshed: "Aktualisieren nicht möglich",
    notRefreshedSince: (instant) => `Aktualisieren nicht möglich; Zahlen mit Stand ${instant}`,
    numbersOf: (range) => `Sie gelten für ${range}.`,
    notRead: "Die Zahlen konnten nicht gelesen werden",
    safe: "Gezählt werden sie aus Ihren Kundenstimmen, und diese sind sicher.",
    otherDaysNotLoaded: "Die gewählten Tage konnten nicht geladen werden",
    stillShown: (range, instant) => `Unten stehen weiterhin die Zahlen für ${range}, Stand ${instant}.`,
    retry: "Erneut versuchen",
    retrying: "Neuer Versuch läuft…",
    pageNotShown: "Diese Seite konnte nicht angezeigt werden",
    retrySoon: "Nichts ist verloren. Versuchen Sie es gleich noch einmal.",
  },
  error: {
    title: "Etwas ist schiefgegangen",
    ours: "Es liegt an uns. Bitte versuchen Sie es gleich noch einmal.",
    retrySoon: "Bitte versuchen Sie es gleich noch einmal.",
    noSuchPage: "Diese Seite gibt es nicht.",
  },

  next: {
    title: "Was jetzt zu tun ist",
    waiting: (count, testimonials) =>
      plural(count, {
        one: `${testimonials} Kundenstimme wartet auf Freigabe.`,
        other: `${testimonials} Kundenstimmen warten auf Freigabe.`,
      }),
    moderate: "Jetzt prüfen",
    longWaiting: (count, testimonials, days) =>
      plural(count, {
        one: `${testimonials} Kundenstimme wartet seit mehr als ${days} Tagen.`,
        other: `${testimonials} Kundenstimmen warten seit mehr als ${days} Tagen.`,
      }),
    seeLongWaiting: "Älteste ansehen",
    lowRated: (count, testimonials) =>
      plural(count, {
        one: `${testimonials} wartende Kundenstimme hat 1 oder 2 Sterne.`,
        other: `${testimonials} wartende Kundenstimmen haben 1 oder 2 Sterne.`,
      }),
    seeLowRated: "Schwache Bewertungen ansehen",
    fell: {
      requestsSent: (recent, usual) =>
        `Weniger Anfragen gesendet: ${recent} in den letzten 7 Tagen, nach ${usual} je Woche in den 4 Wochen davor.`,
      requestsClicked: (recent, usual) =>
        `Weniger Anfragen angeklickt: ${recent} in den letzten 7 Tagen, nach ${usual} je Woche in den 4 Wochen davor.`,
    },
    seeRequests: "Anfragen ansehen",
    atLeast: (count) => `über ${count}`,
  },

  latest: {
    title: "Neueste Kundenstimmen",
    empty: "Noch keine Kundin und kein Kunde hat eine geschrieben.",
    noHeadline: "Ohne Überschrift",
    stars: (rating, most) => `${rating} von ${most} Sternen`,
    statuses: { pending: "Ausstehend", approved: "Freigegeben", rejected: "Abgelehnt", archived: "Archiviert" },
    mediaTypes: { video: "Video", photo: "Foto", text: "Text" },
  },
  topProducts: {
    title: "Top-Produkte",
    note: "Nach Kundenstimmen, die in diesen Tagen eingereicht wurden.",
    empty: "Keine Kundenstimmen zu einem Produkt in diesen Tagen.",
    product: (number) => `Produkt ${number}`,
    deleted: "Gelöscht",
    heading: "Produkt",
    productId: "Produkt-ID",
    count: "Kundenstimmen",
  },

  product: {
    only: "Nur Anfragen und Kundenstimmen zu",
    all: "Alle Produkte",
    note: "Live gezählt, aus den Anfragen und Kundenstimmen, die aufbewahrt werden.",
  },

  funnel: {
    title: "Von der Anfrage zur veröffentlichten Kundenstimme",
    stage: "Stufe",
    count: "Anzahl",
    ofFirst: "Anteil an erster",
    ofPrevious: "Anteil an Stufe davor",
    ofSent: "In diesen Tagen gesendete Anfragen",
    ofSubmitted: "In diesen Tagen eingereichte Kundenstimmen",
    note: "Jede Stufe zählt, was bis jetzt daraus geworden ist, an welchem Tag auch immer.",
    stillOpen: (count, days) =>
      `Die neuesten sind noch offen: Die meisten Antworten kommen innerhalb von ${plural(count, { one: "einem Tag", other: `${days} Tagen` })}.`,
    stages: {
      sent: "Gesendet",
      opened: "Geöffnet",
      clicked: "Angeklickt",
      answered: "Eingereicht",
      submitted: "Eingereicht",
      approved: "Freigegeben",
      published: "Veröffentlicht",
    },
  },
  media: {
    title: "Video und Foto",
    testimonialsWith: "Kundenstimmen mit",
    count: "Anzahl",
    share: "Anteil",
    video: "Video",
    photo: "Foto",
    text: "Text",
  },
  ratings: {
    title: "Bewertungen",
    average: (average, most) => `${average} von ${most}`,
    of: (count, ratings) =>
      plural(count, {
        one: `Aus ${ratings} Bewertung zu Kundenstimmen, die in diesen Tagen eingereicht wurden.`,
        other: `Aus ${ratings} Bewertungen zu Kundenstimmen, die in diesen Tagen eingereicht wurden.`,
      }),
    unrated: (count, testimonials) =>
      plural(count, {
        one: `${testimonials} Kundenstimme kam ohne Bewertung.`,
        other: `${testimonials} Kundenstimmen kamen ohne Bewertung.`,
      }),
    none: "Keine Kundenstimme dieser Tage hat eine Bewertung.",
    rating: "Bewertung",
    count: "Anzahl",
    share: "Anteil",
    stars: (count, stars) => plural(count, { one: `${stars} Stern`, other: `${stars} Sterne` }),
  },
  times: {
    title: "Typische Zeiten",
    note: "Mediane der Kundenstimmen, die in diesen Tagen eingereicht wurden, live gezählt.",
    noteOfLatest: (looked, all) =>
      `Mediane der neuesten ${looked} von ${all} Kundenstimmen, die in diesen Tagen eingereicht wurden, live gezählt.`,
    untilSubmitted: "Von der Anfrage bis zur Kundenstimme",
    untilApproved: "Von der Kundenstimme bis zur Freigabe",
    none: "In diesen Tagen keine",
    ofFew: (count, testimonials) =>
      plural(count, { one: `Aus ${testimonials} Kundenstimme`, other: `Aus ${testimonials} Kundenstimmen` }),
  },
  lostRequests: {
    title: "Fehlgeschlagene und abgelaufene Anfragen",
    note: "Nach dem Tag, an dem sie gesendet oder, wenn sie nie hinausgingen, angelegt wurden. Live aus den Anfragen gezählt, die aufbewahrt werden.",
    failed: "Fehlgeschlagen",
    expired: "Abgelaufen",
  },
  trend: {
    title: { day: "Verlauf nach Tagen", week: "Verlauf nach Wochen" },
    show: "Anzeigen",
    line: {
      day: (label) => `${label} nach Tagen`,
      week: (label) => `${label} nach Wochen`,
    },
    slider: (line) => `${line}: mit den Pfeiltasten bewegen`,
    asTable: "Dasselbe als Tabelle",
    point: (days, value) => `${days}: ${value}`,
    soFar: (days) => `${days}, bisher`,
    stillOpen: (days) => `${days}, noch offen`,
    noValue: "kein Wert",
    before: (value, days) => `davor: ${value}, ${days}`,
    pointBefore: (point, value, days) => `${point}; davor: ${value}, ${days}`,
    theseDays: "Diese Tage",
    dayBefore: "Verglichener Tag",
    figureBefore: (label) => `${label} davor`,
  },
  daily: {
    title: "Nach Tagen",
    label: "Anzahlen nach Tagen",
    fileName: (from, to) => `kundenstimmen-nach-tagen_${from}_${to}.csv`,
    rows: (first, last, count, all) =>
      `${first} bis ${last} von ${plural(count, { one: `${all} Tag`, other: `${all} Tagen` })}`,
    pages: "Seiten mit Tagen",
    loading: "Die Tage werden geladen",
    failed: "Die Tage konnten nicht geladen werden. Versuchen Sie es noch einmal.",
  },
  tables: { day: "Tag (UTC)", days: "Tage (UTC)", total: "Summe" },

  print: {
    action: "Drucken",
    asOf: (day, clock) => `Zahlen mit Stand ${day}, ${clock}.`,
  },

  files: {
    download: "CSV herunterladen",
    from: "Von (UTC)",
    to: "Bis (UTC)",
    fromBefore: "Verglichen mit, von",
    toBefore: "Verglichen mit, bis",
  },
};

function toStars(label: string, withStars: string) {
  return {
    label,
    says: `Von den Kundenstimmen, die an dem UTC-Tag eingereicht wurden, die mit ${withStars} bewerteten.`,
  };
}
