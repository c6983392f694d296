internal import Dialogue
internal import Kernel

// Files from the scanner, and paper.

/// A file that lies in the scanner's folder.
struct Material: Sendable, Equatable {
    var path: String
    var sizeBytes: Int64
    /// By its first bytes: `image/jpeg`, `application/pdf`; empty for anything else.
    var contentType: String
    /// 10:05, when it was scanned.
    var time: String
}

/// Choosing one.
struct Materials: Equatable {
    var contentTypes: [String]
    /// Newest first; nil before the folder was looked at.
    var files: [Material]?
}

extension Kiosk {
    /// As FileService takes them.
    static let materialBytesAtMost: Int64 = 10 * 1_024 * 1_024

    mutating func beginMaterials(_ contentTypes: [String]) {
        entry?.wipe()
        entry = nil
        if case .materials(let now)? = cover, now.contentTypes == contentTypes { return }
        cover = .materials(Materials(contentTypes: contentTypes))
        actions.append(.listMaterials(contentTypes: contentTypes))
    }

    mutating func takeMaterials(_ files: [Material]) {
        guard case .materials(var materials)? = cover else { return }
        materials.files = Array(files.prefix(6))
        cover = .materials(materials)
    }

    mutating func takeMaterialsKey(_ key: Key, _ materials: Materials, _ now: Now) {
        switch key {
        case .escape, .character("0"): leaveMaterials("0", now)
        case .character("8") where !dialogue.offeredWords.isEmpty:
            leaveMaterials(dialogue.offeredWords[0], now)
        case .character("9"): leaveMaterials("人工", now)
        case .character(let character):
            guard let number = character.wholeNumberValue, let files = materials.files,
                files.indices.contains(number - 1)
            else { return }
            choose(files[number - 1], materials, now)
        default: break
        }
    }

    private mutating func choose(_ file: Material, _ materials: Materials, _ now: Now) {
        guard materials.contentTypes.contains(file.contentType) else {
            remark = t(Phrases.wrongKind).filled(Self.kinds(materials.contentTypes, look.language))
            return
        }
        guard file.sizeBytes <= Self.materialBytesAtMost else {
            remark = t(Phrases.tooLarge)
            return
        }
        leaveMaterials(file.path, now)
    }

    private mutating func leaveMaterials(_ answer: String, _ now: Now) {
        cover = nil
        line(answer, now)
    }

    static func kinds(_ contentTypes: [String], _ language: Language) -> String {
        contentTypes.map { type in
            switch type {
            case "image/jpeg": language == .chinese ? "照片（JPEG）" : "a photo (JPEG)"
            case "application/pdf": "PDF"
            default: type
            }
        }.joined(separator: language == .chinese ? "、" : ", ")
    }

    mutating func takePrinted(_ outcome: PrintOutcome, _ now: Now) {
        give(.printed(outcome == .done), now)
        switch outcome {
        case .done: break
        case .noPaper: remark = t(Phrases.noPaper)
        case .failed: remark = t(Phrases.printerFailed)
        }
    }
}
