//! States and provinces, as datelines write them after a town.

/// A regular expression for the region after a town that is not in capitals: "Albany, N.Y. –".
pub(super) const REGION: &str = concat!(
    r"(?:\p{Lu}{2}|\p{Lu}\.\s?\p{Lu}\.|Ala\.|Ariz\.|Ark\.|Calif\.|Colo\.|Conn\.|Del\.|Fla\.|Ga\.|Ill\.|Ind\.|Kan\.|",
    r"Ky\.|La\.|Mass\.|Md\.|Mich\.|Minn\.|Miss\.|Mo\.|Mont\.|Neb\.|Nev\.|Okla\.|Ont\.|Ore\.|Pa\.|Que\.|Tenn\.|Tex\.|",
    r"Va\.|Vt\.|W\.Va\.|Wash\.|Wis\.|Wyo\.|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|",
    r"Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|",
    r"Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New\s(?:Hampshire|Jersey|Mexico|York)|",
    r"North\s(?:Carolina|Dakota)|Ohio|Oklahoma|Ontario|Oregon|Pennsylvania|Quebec|Rhode\sIsland|",
    r"South\s(?:Carolina|Dakota)|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West\sVirginia|Wisconsin|Wyoming)"
);
