import Platform

// Forms of old revisions are kept for good and read by every later version of the program: a field that was not there
// yet when a revision was saved has its empty value.

extension FormDefinition: Codable {
    private enum Key: String, CodingKey { case intro, questions, eligibility }

    init(from decoder: any Decoder) throws {
        let values: KeyedDecodingContainer<Key> = try decoder.container(keyedBy: Key.self)
        intro = try values.decodeIfPresent(BilingualText.self, forKey: .intro) ?? intro
        questions = try values.decodeIfPresent([FormQuestion].self, forKey: .questions) ?? []
        eligibility = try values.decodeIfPresent([EligibilityRule].self, forKey: .eligibility) ?? []
    }

    func encode(to encoder: any Encoder) throws {
        var values: KeyedEncodingContainer<Key> = encoder.container(keyedBy: Key.self)
        try values.encode(intro, forKey: .intro)
        try values.encode(questions, forKey: .questions)
        try values.encode(eligibility, forKey: .eligibility)
    }
}

extension FormQuestion: Codable {
    private enum Key: String, CodingKey {
        case id, kind, prompt, label, why, minimum, maximum, earliest, latest, choices, optional, shownIf
        case contentTypes, material, sensitive, knownAs
    }

    init(from decoder: any Decoder) throws {
        let values: KeyedDecodingContainer<Key> = try decoder.container(keyedBy: Key.self)
        func value<T: Decodable>(_ key: Key, _ standard: T) throws -> T {
            try values.decodeIfPresent(T.self, forKey: key) ?? standard
        }
        id = try values.decode(String.self, forKey: .id)
        kind = try values.decode(Kind.self, forKey: .kind)
        prompt = try values.decode(BilingualText.self, forKey: .prompt)
        label = try value(.label, prompt)
        why = try value(.why, why)
        minimum = try values.decodeIfPresent(Int64.self, forKey: .minimum)
        maximum = try values.decodeIfPresent(Int64.self, forKey: .maximum)
        earliest = try values.decodeIfPresent(FormDay.self, forKey: .earliest)
        latest = try values.decodeIfPresent(FormDay.self, forKey: .latest)
        choices = try value(.choices, choices)
        optional = try value(.optional, optional)
        shownIf = try value(.shownIf, shownIf)
        contentTypes = try value(.contentTypes, contentTypes)
        material = try value(.material, material)
        sensitive = try value(.sensitive, sensitive)
        knownAs = try value(.knownAs, knownAs)
    }

    func encode(to encoder: any Encoder) throws {
        var values: KeyedEncodingContainer<Key> = encoder.container(keyedBy: Key.self)
        try values.encode(id, forKey: .id)
        try values.encode(kind, forKey: .kind)
        try values.encode(prompt, forKey: .prompt)
        try values.encode(label, forKey: .label)
        try values.encode(why, forKey: .why)
        try values.encodeIfPresent(minimum, forKey: .minimum)
        try values.encodeIfPresent(maximum, forKey: .maximum)
        try values.encodeIfPresent(earliest, forKey: .earliest)
        try values.encodeIfPresent(latest, forKey: .latest)
        try values.encode(choices, forKey: .choices)
        try values.encode(optional, forKey: .optional)
        try values.encode(shownIf, forKey: .shownIf)
        try values.encode(contentTypes, forKey: .contentTypes)
        try values.encode(material, forKey: .material)
        try values.encode(sensitive, forKey: .sensitive)
        try values.encode(knownAs, forKey: .knownAs)
    }
}

extension EligibilityRule: Codable {
    private enum Key: String, CodingKey { case id, text, advice, legalBasis, when, needs, needsOne }

    init(from decoder: any Decoder) throws {
        let values: KeyedDecodingContainer<Key> = try decoder.container(keyedBy: Key.self)
        id = try values.decode(String.self, forKey: .id)
        text = try values.decode(BilingualText.self, forKey: .text)
        advice = try values.decodeIfPresent(BilingualText.self, forKey: .advice) ?? advice
        legalBasis = try values.decodeIfPresent(String.self, forKey: .legalBasis) ?? ""
        when = try values.decodeIfPresent([FormCondition].self, forKey: .when) ?? []
        needs = try values.decodeIfPresent([FormCondition].self, forKey: .needs) ?? []
        needsOne = try values.decodeIfPresent(Bool.self, forKey: .needsOne) ?? false
    }

    func encode(to encoder: any Encoder) throws {
        var values: KeyedEncodingContainer<Key> = encoder.container(keyedBy: Key.self)
        try values.encode(id, forKey: .id)
        try values.encode(text, forKey: .text)
        try values.encode(advice, forKey: .advice)
        try values.encode(legalBasis, forKey: .legalBasis)
        try values.encode(when, forKey: .when)
        try values.encode(needs, forKey: .needs)
        try values.encode(needsOne, forKey: .needsOne)
    }
}

extension FormDay: Codable {
    init(from decoder: any Decoder) throws {
        let container: any SingleValueDecodingContainer = try decoder.singleValueContainer()
        let text: String = try container.decode(String.self)
        guard let day = FormDay(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no day: \(text)")
        }
        self = day
    }

    func encode(to encoder: any Encoder) throws {
        var container: any SingleValueEncodingContainer = encoder.singleValueContainer()
        try container.encode(text)
    }
}
