import Platform

// Definitions of old revisions are kept for good and read by every later version of the program: a field that was not
// there yet when a revision was saved has its empty value.

extension ItemDefinition: Codable {
    private enum Key: String, CodingKey {
        case materials, steps, visits, fee, fees, place, phone, source, audience, authorityLevel, serviceArea
        case result, specialProcedures, legalBasis, conditions, identityLevel, decidesInTwo, certificateType
        case departmentID, acceptsApplications, form
    }

    init(from decoder: any Decoder) throws {
        let values: KeyedDecodingContainer<Key> = try decoder.container(keyedBy: Key.self)
        func value<T: Decodable>(_ key: Key, _ standard: T) throws -> T {
            try values.decodeIfPresent(T.self, forKey: key) ?? standard
        }
        materials = try value(.materials, materials)
        steps = try value(.steps, steps)
        visits = try values.decodeIfPresent(Int.self, forKey: .visits)
        fee = try value(.fee, fee)
        fees = try value(.fees, fees)
        place = try value(.place, place)
        phone = try value(.phone, phone)
        source = try value(.source, source)
        audience = try values.decodeIfPresent(Audience.self, forKey: .audience)
        authorityLevel = try value(.authorityLevel, authorityLevel)
        serviceArea = try value(.serviceArea, serviceArea)
        result = try value(.result, result)
        specialProcedures = try value(.specialProcedures, specialProcedures)
        legalBasis = try value(.legalBasis, legalBasis)
        conditions = try value(.conditions, conditions)
        identityLevel = try value(.identityLevel, identityLevel)
        decidesInTwo = try value(.decidesInTwo, decidesInTwo)
        certificateType = try values.decodeIfPresent(String.self, forKey: .certificateType)
        departmentID = try value(.departmentID, departmentID)
        form = try values.decodeIfPresent(FormDefinition.self, forKey: .form)
        acceptsApplications = try value(.acceptsApplications, acceptsApplications)
    }

    func encode(to encoder: any Encoder) throws {
        var values: KeyedEncodingContainer<Key> = encoder.container(keyedBy: Key.self)
        try values.encode(materials, forKey: .materials)
        try values.encode(steps, forKey: .steps)
        try values.encodeIfPresent(visits, forKey: .visits)
        try values.encode(fee, forKey: .fee)
        try values.encode(fees, forKey: .fees)
        try values.encode(place, forKey: .place)
        try values.encode(phone, forKey: .phone)
        try values.encode(source, forKey: .source)
        try values.encodeIfPresent(audience, forKey: .audience)
        try values.encode(authorityLevel, forKey: .authorityLevel)
        try values.encode(serviceArea, forKey: .serviceArea)
        try values.encode(result, forKey: .result)
        try values.encode(specialProcedures, forKey: .specialProcedures)
        try values.encode(legalBasis, forKey: .legalBasis)
        try values.encode(conditions, forKey: .conditions)
        try values.encode(identityLevel, forKey: .identityLevel)
        try values.encode(decidesInTwo, forKey: .decidesInTwo)
        try values.encodeIfPresent(certificateType, forKey: .certificateType)
        try values.encode(departmentID, forKey: .departmentID)
        try values.encodeIfPresent(form, forKey: .form)
        try values.encode(acceptsApplications, forKey: .acceptsApplications)
    }
}

extension ItemDefinition.Material: Codable {
    private enum Key: String, CodingKey { case label, source, required, form, copies, note }

    init(from decoder: any Decoder) throws {
        let values: KeyedDecodingContainer<Key> = try decoder.container(keyedBy: Key.self)
        self.init(
            label: try values.decode(String.self, forKey: .label),
            source: try values.decodeIfPresent(String.self, forKey: .source) ?? "",
            required: try values.decodeIfPresent(Bool.self, forKey: .required) ?? true,
            form: try values.decodeIfPresent(String.self, forKey: .form) ?? "",
            copies: try values.decodeIfPresent(Int.self, forKey: .copies) ?? 0,
            note: try values.decodeIfPresent(String.self, forKey: .note) ?? "")
    }

    func encode(to encoder: any Encoder) throws {
        var values: KeyedEncodingContainer<Key> = encoder.container(keyedBy: Key.self)
        try values.encode(label, forKey: .label)
        try values.encode(source, forKey: .source)
        try values.encode(required, forKey: .required)
        try values.encode(form, forKey: .form)
        try values.encode(copies, forKey: .copies)
        try values.encode(note, forKey: .note)
    }
}
