package import Kernel

/// What somebody wants to file, as it came in.
package struct CaseDraft: Sendable, Equatable {
    package var category: String
    package var description: String
    /// `organizations/{code}` of a grid or community.
    package var grid: String
    package var place: String
    package var latitude: Double?
    package var longitude: Double?
    /// `files/{id}`.
    package var photos: [String]

    package init(
        category: String, description: String, grid: String, place: String, latitude: Double? = nil,
        longitude: Double? = nil, photos: [String] = []
    ) {
        self.category = category
        self.description = description
        self.grid = grid
        self.place = place
        self.latitude = latitude
        self.longitude = longitude
        self.photos = photos
    }
}

/// Limits of what comes in with a case; each is refused beyond, with what to do.
package enum CaseLimits {
    /// Characters of what was found.
    package static let description: TextRule = TextRule(2...1_000, multiline: true)
    /// Characters of the place in words.
    package static let place: TextRule = TextRule(0...200)
    /// Characters of any other free text before it is looked at; the workflow's data has the limit of each.
    package static let freeText: Int = 2_000
    /// Photos that come with one action.
    package static let photos: Int = 9
    /// Characters to search for.
    package static let query: Int = 40
    /// Events that a watching caller gets before the store is asked again.
    package static let watchBatch: Int = 100

    /// Names of uploaded photos: at most `photos`, each once.
    package static func photos(_ names: [String]) throws(Refusal) -> [String] {
        guard names.count <= photos else { throw CaseTexts.photosTooMany(photos) }
        for name in names {
            guard name.hasPrefix("files/"), ResourceName.isID(String(name.dropFirst("files/".count))) else {
                throw CaseTexts.photoNameInvalid
            }
        }
        guard Set(names).count == names.count else { throw CaseTexts.photoNameInvalid }
        return names
    }

    /// The canonical number in `cases/{number}`, or in a number that was typed without the prefix.
    package static func number(_ name: String, field: String = "name") throws(Refusal) -> String {
        let text: String = name.hasPrefix("cases/") ? String(name.dropFirst("cases/".count)) : name
        return try CheckedNumber(parsing: text, kind: .caseNumber, field: field).description
    }
}
