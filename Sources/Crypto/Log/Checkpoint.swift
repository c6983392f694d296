internal import Kernel

/// What a log says of itself at a moment (C2SP tlog-checkpoint): its origin, how many entries it has and their root. Once
/// signed and seen by others, it cannot be taken back.
package struct Checkpoint: Sendable, Hashable {
    /// The log's name, such as `linli.example/audit`: one line, not empty.
    package let origin: String
    package let size: UInt64
    /// The root of the Merkle tree over the first `size` entries: 32 bytes.
    package let root: [UInt8]
    /// Further lines, such as a time; not empty each.
    package let extensions: [String]

    /// `malformed` for an origin or extension that is no line, and for a root that is no hash.
    package init(origin: String, size: UInt64, root: [UInt8], extensions: [String] = []) throws(CryptoError) {
        let isLine = { (line: String) in
            !line.isEmpty && line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        }
        guard isLine(origin), extensions.allSatisfy(isLine), root.count == MerkleTree.hashSize else {
            throw .malformed(what: "a checkpoint")
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// The text that is signed.
    package var body: String {
        ([origin, String(size), Base64.encode(root)] + extensions).joined(separator: "\n") + "\n"
    }

    /// The signed note.
    package func signed(by signer: NoteSigner) throws(CryptoError) -> String {
        try SignedNote(signing: body, with: [signer]).description
    }

    /// The checkpoint in a signed note, if one of `keys` signed it.
    ///
    /// Throws `malformed` for anything that is no checkpoint, or is one of another `origin`, and `authenticationFailed` if a
    /// signature by a known key is wrong or there is none.
    package init(verifying note: String, origin: String, keys: [NoteVerifier]) throws(CryptoError) {
        let note: SignedNote = try SignedNote(parsing: note)
        try note.verify(keys)
        try self.init(parsing: note.text)
        guard self.origin == origin else { throw .malformed(what: "a checkpoint of the log \(self.origin)") }
    }

    /// The checkpoint in its text without a signature, for what somebody wrote down for themselves.
    package init(parsing body: String) throws(CryptoError) {
        let lines: [String] = body.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
        // The last piece is what follows the last line end: nothing. A size has one form only.
        guard lines.count >= 4, let size = UInt64(lines[1]), String(size) == lines[1],
            let root = Base64.decode(lines[2])
        else { throw .malformed(what: "a checkpoint") }
        try self.init(
            origin: lines[0], size: size, root: root, extensions: Array(lines[3..<(lines.count - 1)]))
    }
}
