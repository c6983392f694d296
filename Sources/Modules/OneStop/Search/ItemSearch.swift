import Kernel
import Platform
import Storage
import Synchronization

/// Finds items by words, in an index that follows the store: each change of the catalogue raises its generation, and
/// whoever searches next makes the index again from the snapshot that they read.
package final class ItemSearch: Sendable {
    private struct Made: Sendable {
        let generation: Int64
        let vocabularyVersion: Int
        let index: SearchIndex
    }

    private let documents: Documents
    private let made: Mutex<Made?> = Mutex(nil)

    init(documents: Documents) { self.documents = documents }

    /// How people talk; without any word where nothing was imported.

    /// What people asked for, best first.
    func search(_ query: String, kind: ItemKind?, limit: Int, _ connection: any Connection) throws
        -> [FoundItem]
    {
        let vocabulary: ItemVocabulary = documents.vocabulary
        return try index(vocabulary, connection).search(query, vocabulary, kind: kind, limit: limit)
    }

    /// Makes the index if it is not there or old, so that nobody who searches has to wait for it.
    func warm(_ connection: any Connection) throws {
        _ = try index(documents.vocabulary, connection)
    }

    /// The index of this snapshot, or of a newer one. Whoever comes while it is made waits for it instead of making
    /// another.
    private func index(_ vocabulary: ItemVocabulary, _ connection: any Connection) throws -> SearchIndex {
        let generation: Int64 = try ItemStore.generation(connection)
        return try made.withLock { made in
            if let made, made.generation >= generation, made.vocabularyVersion == vocabulary.version {
                return made.index
            }
            let index: SearchIndex = SearchIndex(try ItemStore.allActive(connection), vocabulary)
            made = Made(generation: generation, vocabularyVersion: vocabulary.version, index: index)
            return index
        }
    }
}
