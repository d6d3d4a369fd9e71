//! The community's secrets, in a file of their own with its own permissions: a copy of the database
//! alone opens nothing.

use crate::clock::{NoRandomness, Surroundings, random_array};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qiaomen_proto::seal::{BlindKey, BoxSecret, SigningSecret, WrapKey};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Name of the file in the data folder.
pub const FILE_NAME: &str = "community.key";

/// Why the file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Reading.
    #[error("could not read {path}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Writing.
    #[error("could not write {path}")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not what it should be.
    #[error("{path} is damaged")]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
    /// No randomness for a new one.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// What is in the file.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Opens what devices box to the office.
    pub boxes: BoxSecret,
    /// Signs replies, receipts, reference data.
    pub signing: SigningSecret,
    /// Makes blind indexes.
    pub blind: BlindKey,
    /// Wraps subjects' keys at rest.
    pub wrap: WrapKey,
}

#[derive(Serialize, Deserialize)]
struct File {
    about: String,
    version: u32,
    box_secret: String,
    signing_secret: String,
    blind_key: String,
    wrap_key: String,
}

impl Secrets {
    /// New ones, written nowhere.
    pub fn fresh(from: &dyn Surroundings) -> Result<Self, NoRandomness> {
        Ok(Self {
            boxes: BoxSecret::from_bytes(random_array(from)?),
            signing: SigningSecret::from_bytes(random_array(from)?),
            blind: BlindKey::from_bytes(random_array(from)?),
            wrap: WrapKey::from_bytes(random_array(from)?),
        })
    }

    /// Those in `dir`, or new ones, written there for their owner only. A file that is there is never
    /// overwritten: an office whose founding was cut short goes on with its keys.
    pub fn found(dir: &Path, from: &dyn Surroundings) -> Result<Self, SecretsError> {
        let path = dir.join(FILE_NAME);
        if path.exists() {
            return Self::open(dir);
        }
        let secrets = Self::fresh(from)?;
        secrets.write(&path).map_err(|source| SecretsError::Write { path, source })?;
        Ok(secrets)
    }

    /// Whole or not at all: beside, then in place.
    fn write(&self, path: &Path) -> std::io::Result<()> {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        let file = File {
            about: "社区密钥。丢了它，数据库里的个人信息谁也打不开；请另存一份，不要和数据库放在一起。".to_owned(),
            version: 1,
            box_secret: STANDARD.encode(self.boxes.as_bytes()),
            signing_secret: STANDARD.encode(self.signing.as_bytes()),
            blind_key: STANDARD.encode(self.blind.as_bytes()),
            wrap_key: STANDARD.encode(self.wrap.as_bytes()),
        };
        let beside = path.with_extension("key.new");
        let mut out = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        out.write_all(&serde_json::to_vec_pretty(&file)?)?;
        out.sync_all()?;
        drop(out);
        std::fs::rename(&beside, path)?;
        // The new name has to last as well.
        path.parent().map_or(Ok(()), |dir| std::fs::File::open(dir)?.sync_all())
    }

    /// From the file in `dir`.
    pub fn open(dir: &Path) -> Result<Self, SecretsError> {
        let path = dir.join(FILE_NAME);
        let text = std::fs::read(&path).map_err(|source| SecretsError::Read { path: path.clone(), source })?;
        let damaged = || SecretsError::Damaged { path: path.clone() };
        let file: File = serde_json::from_slice(&text).map_err(|_| damaged())?;
        let key = |text: &str| -> Result<[u8; 32], SecretsError> {
            STANDARD.decode(text).ok().and_then(|b| b.try_into().ok()).ok_or_else(damaged)
        };
        Ok(Self {
            boxes: BoxSecret::from_bytes(key(&file.box_secret)?),
            signing: SigningSecret::from_bytes(key(&file.signing_secret)?),
            blind: BlindKey::from_bytes(key(&file.blind_key)?),
            wrap: WrapKey::from_bytes(key(&file.wrap_key)?),
        })
    }
}
