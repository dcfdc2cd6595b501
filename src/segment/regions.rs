//! States, provinces and countries, as datelines write them after a town.

/// A regular expression for the region after a town that is not in capitals: "Albany, N.Y. –".
pub(super) const REGION: &str = concat!(
    r"(?:UPPER{2}|UPPER\.\s?UPPER\.|Ala\.|Ariz\.|Ark\.|Calif\.|Colo\.|Conn\.|Del\.|Fla\.|Ga\.|Ill\.|Ind\.|Kan\.|",
    r"Ky\.|La\.|Mass\.|Md\.|Mich\.|Minn\.|Miss\.|Mo\.|Mont\.|Neb\.|Nev\.|Okla\.|Ont\.|Ore\.|Pa\.|Que\.|Tenn\.|Tex\.|",
    r"Va\.|Vt\.|W\.Va\.|Wash\.|Wis\.|Wyo\.|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|",
    r"Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|",
    r"Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New\s(?:Hampshire|Jersey|Mexico|York)|",
    r"North\s(?:Carolina|Dakota)|Ohio|Oklahoma|Ontario|Oregon|Pennsylvania|Quebec|Rhode\sIsland|",
    r"South\s(?:Carolina|Dakota)|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West\sVirginia|Wisconsin|Wyoming)"
);

/// A regular expression for the country after a town that is not in capitals: "Kano, Nigeria –".
pub(super) const COUNTRIES: &str = concat!(
    "(?:",
    r"Afghanistan|Albania|Algeria|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahrain|",
    r"Bangladesh|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia|Botswana|Brazil|Britain|Bulgaria|",
    r"Burkina\sFaso|Burundi|Cambodia|Cameroon|Canada|Chad|Chile|China|Colombia|Congo|Costa\sRica|Croatia|",
    r"Cuba|Cyprus|Czech\sRepublic|Denmark|Djibouti|Dominican\sRepublic|Ecuador|Egypt|El\sSalvador|England|",
    r"Eritrea|Estonia|Ethiopia|Fiji|Finland|France|Gabon|Gambia|Germany|Ghana|Greece|Guatemala|Guinea|",
    r"Guyana|Haiti|Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Ivory\sCoast|",
    r"Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|",
    r"Libya|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia|Mali|Malta|Mauritania|Mexico|Moldova|Mongolia|",
    r"Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nepal|Netherlands|New\sZealand|Nicaragua|Niger|",
    r"Nigeria|North\sKorea|North\sMacedonia|Northern\sIreland|Norway|Oman|Pakistan|Panama|",
    r"Papua\sNew\sGuinea|Paraguay|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|",
    r"Saudi\sArabia|Scotland|Senegal|Serbia|Sierra\sLeone|Slovakia|Slovenia|Somalia|South\sAfrica|",
    r"South\sKorea|South\sSudan|Spain|Sri\sLanka|Sudan|Sweden|Switzerland|Syria|Taiwan|Tajikistan|",
    r"Tanzania|Thailand|Togo|Tunisia|Turkey|Turkmenistan|UAE|UK|Uganda|Ukraine|United\sArab\sEmirates|",
    r"United\sKingdom|Uruguay|Uzbekistan|Venezuela|Vietnam|Wales|Yemen|Zambia|Zimbabwe",
    ")"
);
