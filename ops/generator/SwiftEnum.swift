/// Writes one enum: its known values, and `unrecognized` for the numbers of later versions.
struct SwiftEnum {
    let enumeration: SchemaEnum
    private let prefix: String

    init(_ enumeration: SchemaEnum) {
        self.enumeration = enumeration
        let prefix: String = screamingSnake(enumeration.name) + "_"
        let isCommon: Bool = enumeration.values.allSatisfy { $0.name.hasPrefix(prefix) && $0.name != prefix }
        self.prefix = isCommon ? prefix : ""
    }

    /// The case's name: the value's without the enum's name.
    func caseName(of value: SchemaEnumValue) -> String {
        identifier(lowerCamel(String(value.name.dropFirst(prefix.count))))
    }

    /// The values, without second names for a number (upstream enums may have them).
    private var values: [SchemaEnumValue] {
        var numbers: Set<Int32> = []
        return enumeration.values.filter { numbers.insert($0.number).inserted }
    }

    func write(to out: inout SourceText) {
        out.documentation(enumeration.note.comment)
        out.block("package enum \(swiftTypeName(enumeration.name)): RPC.WireEnum {") { out in
            for value in values {
                out.documentation(value.note.comment)
                out.line("case \(caseName(of: value))")
            }
            out.line("/// A number that this version of the schema does not name.")
            out.line("case unrecognized(Int32)")
            out.line()
            writeAllCases(to: &out)
            out.line()
            writeNumbers(to: &out)
            out.line()
            writeNames(to: &out)
        }
    }

    private func writeAllCases(to out: inout SourceText) {
        out.line("/// The values that the schema names, in its order.")
        out.block("package static var allCases: [Self] {") { out in
            out.block("[", closing: "]") { out in
                for value in values { out.line(".\(caseName(of: value)),") }
            }
        }
    }

    private func writeNumbers(to out: inout SourceText) {
        out.block("package init(rawValue: Int32) {") { out in
            out.line("switch rawValue {")
            for value in values { out.line("case \(value.number): self = .\(caseName(of: value))") }
            out.line("default: self = .unrecognized(rawValue)")
            out.line("}")
        }
        out.line()
        out.block("package var rawValue: Int32 {") { out in
            out.line("switch self {")
            for value in values { out.line("case .\(caseName(of: value)): \(value.number)") }
            out.line("case .unrecognized(let number): number")
            out.line("}")
        }
    }

    private func writeNames(to out: inout SourceText) {
        out.block("package var protoName: String {") { out in
            out.line("switch self {")
            for value in values { out.line("case .\(caseName(of: value)): \"\(value.name)\"") }
            out.line("case .unrecognized(let number): String(number)")
            out.line("}")
        }
    }
}
