//! News and picture agencies.

/// A regular expression for the name of a news agency, as datelines and bylines write it.
pub(super) const WIRE: &str = concat!(
    "(?:AAP|AFP|ANI|ANP|ANSA|AP|Agence France-Presse|Al Jazeera|Anadolu(?: Agency)?|Associated Press|BBC|BNO News|",
    "Bernama|Bloomberg(?: News)?|CBS(?: News)?|CNN|CNS|CP|Canadian Press|DPA|EFE|Fox News|IANS|IPS|IRNA|ITAR-TASS|",
    "Interfax|JTA|KUNA|Kyodo(?: News)?|NAN|NBC(?: News)?|PA(?: Media)?|PTI|Press Association|REUTERS|RFE/RL|",
    "RIA Novosti|RNS|Reuters|SAPA|SPA|TASS|Thomson Reuters(?: Foundation)?|UNI|UPI|VOA|WAM|XINHUA|Xinhua|Yonhap|dpa)"
);

/// A regular expression for the name of an agency that supplies pictures, as credits write it.
pub(super) const PICTURES: &str = concat!(
    "(?:AAP|AFP|AGENCE FRANCE-PRESSE|ANADOLU|Al Jazeera|ANP|ANSA|AP|Agence France-Presse|Anadolu(?: Agency)?|Associated Press|",
    "Bloomberg(?: News)?|CNN|CP|Canadian Press|DPA|EFE|EPA(?:-EFE)?|GETTY|Getty(?: Images)?|Kyodo(?: News)?|NurPhoto|",
    "PA(?: Media)?|Press Association|REUTERS|Reuters|SIPA|Shutterstock|Sipa(?: USA)?|TASS|UPI|XINHUA|Xinhua|Yonhap|",
    "ZUMA(?: Press)?|dpa)"
);
