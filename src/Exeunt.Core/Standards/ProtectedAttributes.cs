namespace Exeunt.Core.Standards;

/// <summary>What must not decide about a customer, under the names by which people would ask for it.</summary>
public static class ProtectedAttributes
{
    private static readonly (Words Name, string[] Parts)[] All =
    [
        (new("age", "年龄"), ["age", "birth", "birthday", "birthdate", "dob", "born", "elderly", "senior", "minor", "年龄", "出生", "生日"]),
        (new("sex or gender", "性别"), ["sex", "gender", "male", "female", "title", "salutation", "性别", "男", "女"]),
        (new("sexual orientation", "性取向"), ["orientation", "sexuality", "lgbt", "性取向"]),
        (new("ethnicity or descent", "民族或种族"), ["ethnicity", "ethnic", "race", "racial", "descent", "tribe", "hukou", "民族", "种族", "户籍"]),
        (new("nationality or origin", "国籍或来源地"), ["nationality", "citizenship", "citizen", "country", "origin", "immigrant", "passport", "visa", "国籍", "国家", "籍贯"]),
        (new("religion or belief", "宗教信仰"), ["religion", "religious", "belief", "faith", "church", "宗教", "信仰"]),
        (new("health or disability", "健康或残障"), ["health", "disability", "disabled", "illness", "disease", "medical", "patient", "健康", "疾病", "残疾", "残障"]),
        (new("pregnancy or family", "婚育状况"), ["pregnancy", "pregnant", "marital", "married", "spouse", "children", "family", "婚姻", "怀孕", "生育"]),
        (new("political opinion", "政治观点"), ["political", "politics", "party", "政治", "党派"]),
        (new("trade union membership", "工会成员身份"), ["union", "工会"]),
        (new("genetic or biometric data", "基因或生物特征"), ["genetic", "biometric", "face", "fingerprint", "基因", "人脸", "指纹"]),
        (new("criminal record", "犯罪记录"), ["criminal", "conviction", "犯罪"]),
        // What stands for one of the above.
        (new("the name, which tells descent and sex", "姓名（可推断民族或性别）"), ["name", "surname", "firstname", "lastname", "姓名", "姓", "名"]),
        (new("the home address, which stands for descent and wealth", "住址（可推断民族或贫富）"), ["address", "postcode", "zip", "zipcode", "postal", "district", "neighbourhood", "neighborhood", "地址", "住址", "邮编"]),
        (new("the language, which stands for nationality", "语言（可推断国籍）"), ["language", "lang", "accent", "dialect", "语言", "口音", "方言"]),
    ];

    /// <summary>The attribute that a name asks for ("customer_age", "Nationality"); null: none that is known here.</summary>
    public static Words? Find(string name)
    {
        var parts = name.ToLowerInvariant().Split(['_', '-', '.', ' '], StringSplitOptions.RemoveEmptyEntries);
        foreach (var (words, known) in All)
            if (parts.Any(p => known.Contains(p)) || (name.Any(c => c > 127) && known.Any(k => k[0] > 127 && name.Contains(k, StringComparison.Ordinal))))
                return words;
        return null;
    }
}
