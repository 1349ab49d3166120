//! The parameters whose values are words.

/// Declares an enum with the words that stand for its variants.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// The words, in the order of the variants.
            pub(super) const WORDS: &'static [&'static str] = &[$($word),+];

            /// Returns the variant that the word stands for.
            pub(super) fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

choice! {
    /// How much TLS a connection has; each is stricter than the one before.
    SslMode {
        /// None.
        Disable = "disable",
        /// Only if the server refuses a plain connection.
        Allow = "allow",
        /// If the server has it.
        Prefer = "prefer",
        /// Always; the certificate is looked at only if there is a root certificate.
        Require = "require",
        /// Always, with a certificate that the root has signed.
        VerifyCa = "verify-ca",
        /// Always, with a certificate that the root has signed for this host.
        VerifyFull = "verify-full",
    }
}

impl SslMode {
    /// Returns the word that stands for the mode.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

choice! {
    /// How TLS begins.
    SslNegotiation {
        /// The client asks the server whether it speaks TLS.
        Postgres = "postgres",
        /// With the first byte, which PostgreSQL understands since version 17.
        Direct = "direct",
    }
}

choice! {
    /// A version of TLS.
    TlsVersion {
        /// 1.2.
        V12 = "TLSv1.2",
        /// 1.3.
        V13 = "TLSv1.3",
    }
}

choice! {
    /// Whether the password exchange is bound to the TLS connection.
    ChannelBinding {
        /// Never.
        Disable = "disable",
        /// If the server can.
        Prefer = "prefer",
        /// Always.
        Require = "require",
    }
}

choice! {
    /// Which servers of several will do.
    TargetSessionAttrs {
        /// Each.
        Any = "any",
        /// One whose sessions may write.
        ReadWrite = "read-write",
        /// One whose sessions may not write.
        ReadOnly = "read-only",
    }
}

choice! {
    /// In which order several hosts are tried.
    LoadBalanceHosts {
        /// As they were given.
        Disable = "disable",
        /// By chance.
        Random = "random",
    }
}
