//! Names by which countries go, their capitals and the adjectives made of them.

/// One country: what it is called, further names, its capital and its adjectives, all folded but the first.
struct Country {
    name: &'static str,
    names: &'static [&'static str],
    capital: &'static str,
    demonyms: &'static [&'static str],
}

const fn country_of(
    name: &'static str,
    names: &'static [&'static str],
    capital: &'static str,
    demonyms: &'static [&'static str],
) -> Country {
    Country { name, names, capital, demonyms }
}

const COUNTRIES: &[Country] = &[
    country_of("Afghanistan", &["afghanistan"], "kabul", &["afghan"]),
    country_of("Argentina", &["argentina"], "buenos aires", &["argentine", "argentinian"]),
    country_of("Australia", &["australia"], "canberra", &["australian"]),
    country_of("Austria", &["austria"], "", &["austrian"]),
    country_of("Bangladesh", &["bangladesh"], "dhaka", &["bangladeshi"]),
    country_of("Belarus", &["belarus"], "minsk", &["belarusian"]),
    country_of("Belgium", &["belgium"], "", &["belgian"]),
    country_of("Brazil", &["brazil"], "brasilia", &["brazilian"]),
    country_of("Canada", &["canada"], "ottawa", &["canadian"]),
    country_of("Chile", &["chile"], "santiago", &["chilean"]),
    country_of("China", &["china", "people's republic of china", "prc"], "beijing", &["chinese"]),
    country_of("Colombia", &["colombia"], "bogota", &["colombian"]),
    country_of("Cuba", &["cuba"], "havana", &["cuban"]),
    country_of("Czech Republic", &["czech republic", "czechia"], "prague", &["czech"]),
    country_of("Denmark", &["denmark"], "copenhagen", &["danish"]),
    country_of("Egypt", &["egypt"], "cairo", &["egyptian"]),
    country_of("Ethiopia", &["ethiopia"], "addis ababa", &["ethiopian"]),
    country_of("European Union", &["european union", "eu"], "", &[]),
    country_of("Finland", &["finland"], "helsinki", &["finnish"]),
    country_of("France", &["france"], "paris", &["french"]),
    country_of("Germany", &["germany", "federal republic of germany"], "berlin", &["german"]),
    country_of("Greece", &["greece"], "athens", &["greek"]),
    country_of("Hungary", &["hungary"], "budapest", &["hungarian"]),
    country_of("India", &["india"], "new delhi", &["indian"]),
    country_of("Indonesia", &["indonesia"], "jakarta", &["indonesian"]),
    country_of("Iran", &["iran", "islamic republic", "islamic republic of iran"], "tehran", &["iranian"]),
    country_of("Iraq", &["iraq"], "baghdad", &["iraqi"]),
    country_of("Ireland", &["ireland", "republic of ireland"], "dublin", &["irish"]),
    country_of("Israel", &["israel", "jewish state"], "jerusalem", &["israeli"]),
    country_of("Italy", &["italy"], "rome", &["italian"]),
    country_of("Japan", &["japan"], "tokyo", &["japanese"]),
    country_of("Jordan", &["jordan"], "amman", &["jordanian"]),
    country_of("Kenya", &["kenya"], "nairobi", &["kenyan"]),
    country_of("Lebanon", &["lebanon"], "beirut", &["lebanese"]),
    country_of("Libya", &["libya"], "tripoli", &["libyan"]),
    country_of("Malaysia", &["malaysia"], "kuala lumpur", &["malaysian"]),
    country_of("Mexico", &["mexico"], "mexico city", &["mexican"]),
    country_of("Morocco", &["morocco"], "rabat", &["moroccan"]),
    country_of("Myanmar", &["myanmar", "burma"], "naypyidaw", &["burmese"]),
    country_of("Netherlands", &["netherlands", "holland"], "the hague", &["dutch"]),
    country_of("New Zealand", &["new zealand"], "wellington", &[]),
    country_of("Nigeria", &["nigeria"], "abuja", &["nigerian"]),
    country_of(
        "North Korea",
        &["north korea", "democratic people's republic of korea", "dprk"],
        "pyongyang",
        &["north korean"],
    ),
    country_of("Norway", &["norway"], "oslo", &["norwegian"]),
    country_of("Pakistan", &["pakistan"], "islamabad", &["pakistani"]),
    country_of("Philippines", &["philippines"], "manila", &["filipino", "philippine"]),
    country_of("Poland", &["poland"], "warsaw", &["polish"]),
    country_of("Portugal", &["portugal"], "lisbon", &["portuguese"]),
    country_of("Romania", &["romania"], "bucharest", &["romanian"]),
    country_of("Russia", &["russia", "russian federation"], "moscow", &["russian"]),
    country_of("Saudi Arabia", &["saudi arabia"], "riyadh", &["saudi"]),
    country_of("Serbia", &["serbia"], "belgrade", &["serbian"]),
    country_of("South Africa", &["south africa"], "pretoria", &["south african"]),
    country_of("South Korea", &["south korea", "republic of korea"], "seoul", &["south korean"]),
    country_of("Spain", &["spain"], "madrid", &["spanish"]),
    country_of("Sudan", &["sudan"], "khartoum", &["sudanese"]),
    country_of("Sweden", &["sweden"], "stockholm", &["swedish"]),
    country_of("Switzerland", &["switzerland"], "bern", &["swiss"]),
    country_of("Syria", &["syria", "syrian arab republic"], "damascus", &["syrian"]),
    country_of("Taiwan", &["taiwan"], "taipei", &["taiwanese"]),
    country_of("Thailand", &["thailand"], "bangkok", &["thai"]),
    country_of("Tunisia", &["tunisia"], "tunis", &["tunisian"]),
    country_of("Turkey", &["turkey", "turkiye"], "ankara", &["turkish"]),
    country_of("Ukraine", &["ukraine"], "kyiv", &["ukrainian"]),
    country_of("United Arab Emirates", &["united arab emirates", "uae"], "abu dhabi", &["emirati"]),
    country_of("United Kingdom", &["united kingdom", "uk", "britain", "great britain"], "london", &["british"]),
    country_of("United Nations", &["united nations", "un"], "", &[]),
    country_of(
        "United States",
        &["united states", "us", "usa", "united states of america", "america"],
        "washington",
        &["american"],
    ),
    country_of("Venezuela", &["venezuela"], "caracas", &["venezuelan"]),
    country_of("Vietnam", &["vietnam"], "hanoi", &["vietnamese"]),
    country_of("Yemen", &["yemen"], "sanaa", &["yemeni"]),
    country_of("Zimbabwe", &["zimbabwe"], "harare", &["zimbabwean"]),
];

fn find(is: impl Fn(&Country) -> bool) -> Option<&'static str> {
    COUNTRIES.iter().find(|country| is(country)).map(|country| country.name)
}

/// The country (or union of countries) that a folded name means.
pub(in super::super) fn country(name: &str) -> Option<&'static str> {
    find(|country| country.names.contains(&name))
}

/// The country whose government is meant when its capital is said to speak.
pub(in super::super) fn capital_of(name: &str) -> Option<&'static str> {
    find(|country| !country.capital.is_empty() && country.capital == name)
}

/// The country that an adjective points at.
pub(in super::super) fn demonym_of(word: &str) -> Option<&'static str> {
    find(|country| country.demonyms.contains(&word))
}
