//! News and picture agencies.

/// A regular expression for the name of an agency, as datelines, bylines and credits write it.
pub(super) const AGENCY: &str = concat!(
    "(?:AAP|AFP|ANI|ANP|ANSA|AP|Agence France-Presse|Al Jazeera|Anadolu(?: Agency)?|Associated Press|BBC|BNO News|",
    "Bernama|Bloomberg(?: News)?|CBS(?: News)?|CNN|CNS|CP|Canadian Press|DPA|EFE|EPA(?:-EFE)?|Fox News|GETTY|",
    "Getty(?: Images)?|IANS|IPS|IRNA|ITAR-TASS|Interfax|JTA|KUNA|Kyodo(?: News)?|NAN|NBC(?: News)?|NurPhoto|PA(?: Media)?|",
    "PTI|Press Association|REUTERS|RFE/RL|RIA Novosti|Rappler|Reuters|SAPA|SIPA|SPA|Shutterstock|Sipa(?: USA)?|TASS|",
    "Thomson Reuters(?: Foundation)?|UNI|UPI|VOA|WAM|Xinhua|XINHUA|Yonhap|ZUMA(?: Press)?|dpa)"
);
