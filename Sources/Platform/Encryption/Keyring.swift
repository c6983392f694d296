/// Encrypts protected fields, and makes what may be stored of values that must be found or compared.
package protocol Keyring: Sendable {
    /// Encrypts bytes with the current key. `context` names table and column, such as `platform_residents.phone`;
    /// what was sealed for one context does not open in another.
    func sealBytes(_ bytes: [UInt8], context: String) throws -> [UInt8]
    /// Decrypts what `sealBytes` made, with whichever key it was.
    func openBytes(_ sealed: [UInt8], context: String) throws -> [UInt8]
    /// A keyed hash of 32 bytes, for blind indexes and comparisons; other purposes give other hashes.
    func hash(_ bytes: [UInt8], purpose: String) -> [UInt8]
}

extension Keyring {
    /// Encrypts a text; see `sealBytes`.
    package func seal(_ text: String, context: String) throws -> [UInt8] {
        try sealBytes(Array(text.utf8), context: context)
    }

    /// Decrypts a text; see `openBytes`.
    package func open(_ sealed: [UInt8], context: String) throws -> String {
        String(decoding: try openBytes(sealed, context: context), as: UTF8.self)
    }

    /// The blind index of a value: equal values give equal indexes, and nobody without the key can try values.
    /// Normalize the value first.
    package func blindIndex(_ value: String, field: String) -> [UInt8] {
        hash(Array(value.utf8), purpose: "index." + field)
    }

    /// A keyed hash of a text.
    func hash(_ text: String, purpose: String) -> [UInt8] { hash(Array(text.utf8), purpose: purpose) }
}
