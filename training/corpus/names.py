"""
Names of people: of many origins, listed and invented.

Diversity of names moves recall more than anything else does. Half of the names drawn come from
the United States' census by frequency, the other half evenly from some sixty origins, and every
fifth is spelt by a letter model of an origin: a name that no list has.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import names as census

#: Faker's locales whose person provider writes names in Latin letters.
LOCALES = (
    "cs_CZ da_DK de_AT de_CH de_DE en_GB en_IE en_IN en_NG en_NZ en_PK en_KE en_US es_AR es_CL es_CO es_ES es_MX et_EE fi_FI "
    "fr_BE fr_CA fr_DZ fr_FR fr_QC ga_IE ha_NG hr_HR hu_HU id_ID ig_NG is_IS it_IT lt_LT lv_LV ms_MY nl_BE nl_NL no_NO pl_PL "
    "pt_BR pt_PT ro_RO sk_SK sl_SI sq_AL sv_SE sw tr_TR tw_GH uz_UZ vi_VN yo_NG zu_ZA az_AZ en_TH fa_IR ar_AA"
).split()
#: Origins that Faker has not in Latin letters, or thinly; chosen by the authors.
EXTRA: dict[str, tuple[str, str]] = {
    "zh": (
        "Wei Xin Jing Li Hui Ming Yan Jun Fang Lei Xiaoming Yuting Zhihao Meiling Guang Tao Qiang Hong Lihua Jianguo Xiu Xiuying Guofeng Ruolan Zixuan Haoran Yichen",
        "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Tang Deng Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Ouyang Situ Cheung Leung Kwok Ng Tse Lam Chiu",
    ),
    "ko": (
        "Minjun Seo-yeon Jihoon Hyejin Sungmin Eunji Young-ho Ji-woo Kyung-soo Mi-kyung Hae-won Dong-hyun Soo-jin Byung-chul Eun-ha",
        "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Ryu Hong Bae Noh Namgoong Pyo Eom",
    ),
    "ja": (
        "Haruto Yuki Sakura Kenji Hiroshi Aiko Takumi Naoko Emi Satoshi Michiko Ryo Kaori Daisuke Fumiko Tsubasa",
        "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Matsumoto Inoue Kimura Hayashi Shimizu Okafuji Nishioka",
    ),
    "hmong": (
        "Pao Mai Xeng Tou Ka Chue Yia Kou Bao Nhia Sheng Pa Zoua Lue Chong Vang-Pao Gaonou Blia",
        "Vang Xiong Yang Lor Thao Moua Her Lee Cha Vue Kue Khang Hang Xyooj Yaj",
    ),
    "navajo": (
        "Nizhoni Yazzie Ahiga Shideezhi Haseya Kai Doba Dezba Sahkyo Bidziil Naalnish Yanaba",
        "Begay Yazzie Tsosie Nez Benally Tso Bitsui Etsitty Manuelito Peshlakai Tsinajinnie Hosteen Attakai Deschenie Bilagody",
    ),
    "plains": (
        "Wicahpi Takoda Chaska Winona Mahpiya Ohitika Zitkala Hinto Tasunke Wambli",
        "Standing Elk|Two Bulls|Yellow Horse|Little Thunder|Iron Cloud|Red Shirt|White Calf|Black Bear|Running Wolf|Good Voice|Bad Heart Bull|Crow Feather|Spotted Tail|Eagle Bull|Kills Small|Looking Glass|Swift Hawk|Many Guns|Old Person",
    ),
    "hawaii": (
        "Keoni Leilani Kalani Makoa Noelani Kaimana Pualani Ikaika Nalani Mahina Kawika Haunani Kapono Lokelani",
        "Kahale Kealoha Kamaka Akana Kapule Nakamura Kaleo Mahoe Kekauoha Palakiko Kanahele Keawe Kaʻanāʻanā Makuakane",
    ),
    "samoa": (
        "Sione Tavita Malia Fetu Leilua Sefina Tasi Ioane Lagi Vaimoana",
        "Tuiasosopo Faleolo Leota Tufele Mataʻafa Tuilagi Fonoti Lealaiauloto Taumalolo Vainikolo Tupou Havili",
    ),
    "haiti": (
        "Jean-Baptiste Widline Fabiola Guerline Wilner Mackenson Roselaure Dieudonne Fritznel Marie-Lourdes Yvenel Esperandieu",
        "Jean Pierre Joseph Louis Charles Saint-Fleur Toussaint Desrosiers Exantus Cherenfant Dorvil Beauvil Etienne Metellus Ulysse Previlon",
    ),
    "ethiopia": (
        "Abebe Tigist Selamawit Dawit Meseret Bekele Hirut Yohannes Tsehay Genet Mulugeta Eyerusalem Fikadu",
        "Tesfaye Haile Gebremedhin Woldemariam Alemu Desta Kebede Tadesse Abera Negash Gebreselassie Habtemariam Teklu Worku",
    ),
    "somalia": (
        "Abdi Fadumo Hodan Warsame Ayaan Ifrah Liban Sahra Guled Hibaq Ubax Cawo",
        "Warsame Farah Jama Abdullahi Osman Hersi Nur Isse Samatar Duale Egal Mohamud Gedi Shire Guleid",
    ),
    "yoruba": (
        "Folasade Adewale Bisi Olumide Temitope Ayodele Oluwaseun Titilayo Babatunde Yetunde Morenike Kehinde Taiwo",
        "Oyelaran Adebayo Ogunleye Adeyemi Olatunji Akintola Fashola Bamgbose Afolabi Oyinlola Adesanya Ogundipe Balogun Omotosho",
    ),
    "igbo": (
        "Chidi Ngozi Ifeoma Obinna Adaeze Chukwuemeka Uchenna Nneka Ikenna Amarachi Kelechi Onyinyechi",
        "Okafor Nwosu Eze Okonkwo Onyekachi Umeh Nnadi Obi Chukwu Anyanwu Ezeudu Igwe Mbah Uzoma",
    ),
    "akan": (
        "Kwame Akosua Kofi Ama Yaw Abena Kwabena Efua Adwoa Kojo Esi Nana",
        "Mensah Owusu Boateng Asante Agyeman Osei Appiah Amoako Acheampong Ofori Sarpong Quaye Ansah Darko",
    ),
    "punjabi": (
        "Harpreet Gurpreet Jaspreet Manjit Balwinder Sukhdeep Amarjit Navdeep Kulwant Parminder",
        "Singh Kaur Gill Sandhu Dhillon Sidhu Grewal Bajwa Brar Dhaliwal Randhawa Virk Toor Sohal",
    ),
    "tamil": (
        "Karthikeyan Meenakshi Subramaniam Lakshmi Venkatesh Thenmozhi Arulmozhi Ramya Sivakumar Kavitha",
        "Krishnamurthy Subramanian Venkataraman Ramanathan Sundaram Chidambaram Natarajan Muthuswamy Palaniappan Thirumalai Iyer",
    ),
    "bengali": (
        "Anirban Sharmila Debashish Moushumi Subrata Rituparna Sanjukta Prosenjit Farhana Tanvir",
        "Banerjee Mukherjee Chatterjee Ghosh Bhattacharya Sengupta Chowdhury Haque Majumdar Dasgupta Islam Rahman Sarkar",
    ),
    "nepal": (
        "Bishnu Pemba Sunita Rajendra Dawa Tenzin Maya Kumari Ngawang Pasang",
        "Shrestha Gurung Tamang Sherpa Thapa Adhikari Rai Magar Karki Dorje Lama Bhandari",
    ),
    "thai": (
        "Somchai Siriporn Apinya Kittisak Wanida Nattapong Chaiyaphon Malee",
        "Srisai Chaisuwan Wongsawat Phanomyong Rattanakosin Suwannarat Thongchai Boonmee Jaidee",
    ),
    "khmer": (
        "Sophea Bopha Dara Sokha Vannak Chanthou Rith Sreymom Phirun",
        "Chea Keo Sok Chhim Prak Ouk Nhem Kong Heng Sam Yim Meas",
    ),
    "lao": (
        "Bounmy Khamla Somphone Keo Vilay Phetsamone Chanthavong",
        "Phommachanh Sengsavang Vongphachanh Inthavong Rattanavong Keovilay Souvannarath",
    ),
    "burma": (
        "Aung Thida Zaw Khin Myo Htet Ei-Phyu Naw Saw Htoo",
        "Htun Kyaw Oo Win Thein Htay Lwin Myint Paw Wah Eh-Doh",
    ),
    "filipino": (
        "Maricel Jomar Rowena Crisanto Luzviminda Bayani Analyn Dalisay Ligaya Rodel",
        "Dela Cruz|Santos|Bautista|Macaraeg|Dimaculangan|Pangilinan|Magsaysay|Catacutan|Batungbakal|Villanueva|Delos Reyes|Manalo",
    ),
    "tagalog2": (
        "Nonoy Inday Bong Jun-jun Maribeth Edgardo",
        "Agbayani Lacson Tolentino Ylagan Abad Quizon",
    ),
    "russian": (
        "Dmitri Svetlana Oksana Yevgeny Ludmila Arkady Zinaida Vsevolod Tatiana Igor Nadezhda",
        "Ivanov Petrova Kuznetsov Sokolova Volkov Zaitseva Lebedev Morozov Shcherbakova Tikhonov Zhukovsky Rabinovich Feldman",
    ),
    "ukraine": (
        "Oleksandr Solomiya Bohdan Halyna Taras Lesia Mykola Iryna Yaroslav",
        "Shevchenko Kovalenko Bondarenko Tkachuk Hrytsenko Melnyk Lysenko Oliynyk Zelenchuk",
    ),
    "armenia": (
        "Hovhannes Siranush Vartan Anahit Garabed Lusine Arshaluys Tigran",
        "Petrosyan Hakobyan Sarkisian Grigoryan Der-Bedrosian Manoogian Kardashyan Avakian Ter-Petrosyan",
    ),
    "georgia": (
        "Giorgi Nino Levan Ketevan Zurab Tamar Davit",
        "Beridze Kapanadze Gelashvili Tsiklauri Lomidze Maisuradze Javakhishvili",
    ),
    "greek": (
        "Stavros Despina Panagiotis Eleftheria Kostas Vasiliki Evangelos Anastasia Spyridon",
        "Papadopoulos Georgiou Karagiannis Konstantinidis Vlahos Economou Stathopoulos Hatzis Kefalas Mavromatis",
    ),
    "serb": (
        "Zdravko Milica Dragan Snezana Nebojsa Jovana Bosko Vesna",
        "Petrovic Jovanovic Nikolic Obradovic Stojkovic Djordjevic Kovacevic Milosavljevic Hadzic Begovic",
    ),
    "hebrew": (
        "Moshe Rivka Yitzchak Chana Shlomo Devorah Avraham Shira Menachem Tzipporah Eitan",
        "Cohen Levi Mizrahi Goldstein Rosenblatt Ben-David Bar-On Shapiro Abramowitz Weissman Halpern Lefkowitz Teitelbaum",
    ),
    "arabic2": (
        "Ahmed Fatima Omar Layla Yusuf Khadija Hassan Aisha Ibrahim Zainab Mahmoud Mariam Khalid Noor Samir Huda Tariq Rania Abdulrahman",
        "Al-Masri Haddad Khoury Nasser Mansour Saleh Farouk Qureshi Siddiqui El-Sayed Al-Hashimi Khalil Najjar Sabbagh Abboud Ansari Al-Rashid",
    ),
    "afghan": (
        "Zarghuna Mirwais Najibullah Shabnam Hamidullah Palwasha Gulalai Esmatullah",
        "Ahmadzai Noorzai Popalzai Stanikzai Karimi Hotak Wardak Safi Amiri Rahimi",
    ),
    "kurd": (
        "Rojda Azad Berivan Dilshad Shirin Baran",
        "Barzani Talabani Zebari Sindi Hawrami Dosky",
    ),
    "portug": (
        "João Conceição Thiago Benedita Joaquim Graça Zeferino Luzia",
        "da Silva|dos Santos|Ferreira|Figueiredo|de Oliveira|Magalhães|Nogueira|Cavalcanti|Furtado|Medeiros|Tavares Lopes",
    ),
    "maya": (
        "Domingo Juana Pascual Eulalia Gaspar Micaela Andrés Catarina",
        "Tzoc|Ixcoy|Chub|Coc|Tojil|Us|Ajanel|Xol|Caal|Pop|Mateo Francisco|Sebastián Juan",
    ),
    "dutch": (
        "Joost Maaike Wouter Sanne Pieter Annelies Diederik",
        "van der Meulen|de Vries|van den Berg|Dijkstra|Hoekstra|ten Broeke|van 't Hof|Zijlstra|Vandersloot|te Velde|Bakker",
    ),
    "irish": (
        "Siobhan Padraig Aoife Niamh Cormac Saoirse Eoin Grainne Tadhg Caoimhe",
        "O'Shaughnessy|O'Dwyer|McGillicuddy|Ni Bhriain|MacSweeney|O'Hallorahan|Fitzgibbon|McErlean|Gallagher|Mulcahy|Geraghty",
    ),
    "scots": (
        "Hamish Morag Fergus Eilidh Lachlan Isla",
        "MacLeod McTavish Farquharson Abernethy MacIver Drummond Dalgleish Auchterlonie",
    ),
    "cajun": (
        "Thibodeaux Clovis Evangeline Odile Alcide Remy",
        "Boudreaux Landry Hebert Fontenot Arceneaux Broussard Guidry Robichaux LeBlanc Thibodaux",
    ),
    "south": (
        "Ladarius Keyshawn Shaniqua Da'Quan Tamika LaTonya Tyrese Quintavius Ja'Nae D'Andre Shavonne Marquise Lakeisha Deshawn Ebonee Tre'Von",
        "Washington Jefferson Freeman Booker Gadsden Mosley Pettway Broadnax Singletary Witherspoon Boykin Hairston Pinckney",
    ),
    "modern": (
        "Jaxon Brynlee Kayden Aubree Zayden Maverick Oaklynn Ryker Everleigh Kashton Paisleigh Braxton Jayceon Emberly Nevaeh Khaleesi",
        "Smith Miller Davis Jones Brown Wilson Moore Clark Lewis Walker Young King Wright Hill",
    ),
    "germanpa": (
        "Amos Mahlon Lovina Ezra Verna Menno Elmina Enos",
        "Stoltzfus Yoder Zook Beiler Lapp Hostetler Schrock Troyer Swartzentruber Gingerich",
    ),
    "basque": (
        "Iker Ainhoa Gorka Nerea Xabier",
        "Etxeberria Goikoetxea Urrutia Mendizabal Aguirrezabala Iturbide",
    ),
    "welsh": (
        "Rhys Angharad Gwilym Cerys Llewellyn Blodwen",
        "Llewellyn|Prydderch|ap Rhys|Cadwallader|Gwynne|Prosser|Morgan",
    ),
}
#: Names that are ordinary words, months, virtues, places, eponyms: the hardest.
WORDS_GIVEN = (
    "Rose Hope Faith Grace Will May June April August Summer Autumn Dawn Joy Mark Bill Rich Frank Art Chase Grant Drew Pat Sue Rob Dale Cliff Glen Forest River "
    "Sky Brook Sandy Ginger Ivy Lily Daisy Violet Iris Olive Hazel Heather Holly Jasmine Basil Sage Rosemary Angel Chance Destiny Harmony Melody Mercy Patience "
    "Prudence Charity Temperance Honor Justice Noble Earnest Frank Major King Prince Duke Earl Reign Royal Ace Buck Bud Buddy Chip Gene Guy Herb Jack Jay Jean Rusty "
    "Red Sunny Stormy Misty Windy Crystal Amber Ruby Pearl Opal Jade Coral Star Echo Gay Dot Penny Nick Wade Lance Miles Clay Stone Rocky Colt Gunner Hunter Tanner "
    "Mason Cooper Carter Parker Porter Walker Tucker Taylor Tyler Case Reed Wren Robin Jay Martin Phoenix Dallas Austin Houston Jackson Lincoln Madison Paris London "
    "Brooklyn Savannah Sydney Chelsea Georgia Carolina Virginia Dakota Montana Tennessee Trinity Genesis Messiah Nevaeh Christian Constant Precious Blessing Favor Gift "
    "Sincere Marvelous Happy Lucky Winter Season Ocean Rain Breeze Meadow Delta Nova Skip Tad Doc Junior Sonny Sister Brother Early Isle Ripley Jules Von Ward Bishop"
).split()
WORDS_LAST = (
    "Young Long Short Small Little Strong Swift Sharp Good Best Wise Moody Savage Gray Grey Green Brown Black White Blue Gold Silver Stone Wood Woods Forest Field Fields "
    "Hill Banks Rivers Lake Brook Pool Waters Bay Shore Marsh Moor Snow Frost Winter Winters Summers Day Knight Bishop Pope Church Temple Abbott Monk Priest Deacon King Prince "
    "Duke Baron Major Sergeant Marshall Page Baker Cook Butcher Miller Carpenter Mason Smith Taylor Tailor Weaver Fisher Hunter Shepherd Farmer Gardener Porter Carter Cooper Turner "
    "Glover Sawyer Singer Harper Piper Drummer Painter Potter Wheeler Barber Bond Price Cash Sterling Penny Nichols Rich Poor Power Powers Love Joy Hope Grace Bliss Blessing Bell Ball Cross Rose "
    "Lily Flowers Bush Root Berry Apple Bean Rice Olive Ginger Pepper Salt Bacon Ham Fish Salmon Bass Pike Trout Crane Swan Drake Hawk Crow Finch Wren Robin Partridge Fox Wolf Lamb Bull Steer "
    "Colt Foote Hand Head Hart Heart Kidney Shinn Chin Cheek Beard Boyles Payne Pain Sweet Sour Fry Frye Cutter Cutting Gunn Bowman Archer Lance Steele Irons Copper Brass Nickel Diamond "
    "Pearl Jewell Case Chase Grant Grave Graves Coffin Moon Starr Sunday Monday March May August Noon Early Late Holiday Christmas Easter English French German Holland Ireland Spain Paris London "
    "York England Jordan Israel Park Parks Street Lane Rhodes Bridges Towne House Hall Chambers Rooms Kitchens Wall Walls Gates Locke Key Keys Post Register Sayers Speakman Law Laws Wills Justice Judge "
    "Outlaw Crooks Lawless Manley Goodman Wiseman Lawman Freeman Newman Oldman Batchelor Husband Childs Kidd Boyd Masters Lord Noble Chew Fine Grim Hale Ill Noyes Quick Rush Tiny Toon Ware Yew Self Still Ready "
    "Foley Parkinson Graves Hodgkin Bell Down Turner Crohn Addison Cushing Marfan Apgar Braden Norton Morse Ramsay Katz Gleason Holter Foster Allen Hartmann Miller Wells Murphy Romberg Phalen Lewis Mayo Baker Charcot Wilson Paget Barrett Burch"
).split()

NICK = {
    "William": "Bill Will Billy Liam",
    "Robert": "Bob Bobby Rob",
    "Richard": "Rick Dick Rich",
    "Margaret": "Peg Peggy Maggie Meg",
    "Elizabeth": "Liz Betty Beth Libby Bess",
    "Katherine": "Kate Kathy Kit Katie",
    "James": "Jim Jimmy",
    "John": "Jack Johnny",
    "Charles": "Chuck Charlie Chaz",
    "Edward": "Ed Eddie Ted Ned",
    "Theodore": "Ted Teddy Theo",
    "Francis": "Frank Frankie",
    "Dorothy": "Dot Dottie",
    "Patricia": "Pat Patty Trish",
    "Susan": "Sue Susie",
    "Deborah": "Deb Debbie",
    "Rebecca": "Becky Becca",
    "Michael": "Mike Mikey",
    "Thomas": "Tom Tommy",
    "Joseph": "Joe Joey",
    "Daniel": "Dan Danny",
    "Samuel": "Sam Sammy",
    "Benjamin": "Ben Benny",
    "Alexander": "Alex Sasha",
    "Victoria": "Vicky Tori",
    "Jennifer": "Jen Jenny",
    "Gertrude": "Gert Trudy",
    "Harold": "Hal Harry",
    "Eugene": "Gene",
    "Raymond": "Ray",
    "Guadalupe": "Lupe Lupita",
    "Francisco": "Paco Pancho",
    "Jose": "Pepe Chepe",
    "Jesus": "Chuy",
    "Ignacio": "Nacho",
}
PET = "Bubba Junior Sissy Nana Mimi Papaw Memaw Tita Lolo Skeeter Tootsie Bunny Boots Red Shorty Doc Sonny Buddy Chip Cookie Duke Birdie Punkin Scooter Slim Ace JJ TJ DJ CJ AJ Mo Bo Ty Jo Kiki Lulu Coco Nino Beto Tavo Mamie Dovie".split()


@dataclass(frozen=True)
class Origin:
    """A pool of given names and surnames, and how often each."""

    given: tuple[str, ...]
    last: tuple[str, ...]


def _latin(name: str) -> bool:
    """Say whether a name is written in Latin letters."""
    return name[:1].isalpha() and all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 for c in name)


def _faker(locale: str) -> Origin | None:
    try:
        provider = import_module(f"faker.providers.person.{locale}").Provider
    except ImportError:
        return None
    given: list[str] = []
    last: list[str] = []
    for attribute in dir(provider):
        values = getattr(provider, attribute)
        if not isinstance(values, (tuple, list, dict)):
            continue
        if attribute.startswith("first_names"):
            given += list(values)
        elif attribute.startswith("last_names"):
            last += list(values)
    chosen = Origin(
        tuple(sorted({n for n in given if _latin(n)})),
        tuple(sorted({n for n in last if _latin(n)})),
    )
    return chosen if len(chosen.given) > 5 and len(chosen.last) > 5 else None


def _extra(text: str) -> tuple[str, ...]:
    """Split at strokes where there are any, for names of several words, else at blanks."""
    return tuple(text.split("|") if "|" in text else text.split())


@cache
def origins() -> dict[str, Origin]:
    """Return the pools by origin; `us` is the census."""
    pools: dict[str, Origin] = {}
    for locale in LOCALES:
        found = _faker(locale)
        if found:
            pools[locale] = found
    pools |= {k: Origin(_extra(g), _extra(s)) for k, (g, s) in EXTRA.items()}
    return pools


@cache
def _census(file: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    rows = [
        line.split()
        for line in (Path(census.__file__).parent / file).read_text(encoding="ascii").splitlines()
    ]
    words = tuple(_cased(r[0]) for r in rows)
    return words, tuple(max(float(r[1]), 0.001) ** 0.5 for r in rows)


def _cased(word: str) -> str:
    word = word.title()
    if word.startswith("Mc") and len(word) > 4:
        return "Mc" + word[2:].title()
    return word


class Letters:
    """A letter model of third order: invents names that sound like those it has seen."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.next: dict[str, list[str]] = defaultdict(list)
        for word in words:
            padded = f"^^^{word.split()[0]}$"
            for i in range(3, len(padded)):
                self.next[padded[i - 3 : i]].append(padded[i])

    def invent(self, r: random.Random) -> str:
        """Return a word of 3 to 13 letters."""
        for _ in range(20):
            out = "^^^"
            while not out.endswith("$") and len(out) < 18:
                out += r.choice(self.next[out[-3:]])
            word = out[3:].rstrip("$")
            if 3 <= len(word) <= 13 and out.endswith("$"):
                return word[0].upper() + word[1:]
        return "Quillon"


@cache
def _letters(origin: str, part: str) -> Letters:
    if origin == "us":
        return Letters(_census("dist.all.last" if part == "last" else "dist.female.first")[0])
    pool = origins()[origin]
    return Letters(pool.last if part == "last" else pool.given)


def given(r: random.Random, sex: str, origin: str) -> str:
    """Return a given name."""
    if r.random() < 0.10:
        return r.choice(WORDS_GIVEN)
    if r.random() < 0.17:
        return _letters(origin, "given").invent(r)
    if origin == "us":
        words, weights = _census("dist.male.first" if sex == "m" else "dist.female.first")
        return r.choices(words, weights)[0] if r.random() < 0.5 else r.choice(words)
    return r.choice(origins()[origin].given)


def surname(r: random.Random, origin: str) -> str:
    """Return a surname, at times double-barrelled."""
    u = r.random()
    if u < 0.11:
        name = r.choice(WORDS_LAST)
    elif u < 0.30:
        name = _letters(origin, "last").invent(r)
    elif origin == "us":
        words, weights = _census("dist.all.last")
        name = r.choices(words, weights)[0] if r.random() < 0.3 else r.choice(words)
    else:
        name = r.choice(origins()[origin].last)
    if r.random() < 0.05 and " " not in name:
        name = f"{name}-{surname(r, origin).split()[-1]}"
    return name


def origin(r: random.Random) -> str:
    """Return whose names somebody has."""
    return "us" if r.random() < 0.42 else r.choice(sorted(origins()))


def nickname(r: random.Random, first: str) -> str:
    """Return a short or pet form of a given name."""
    if first in NICK and r.random() < 0.8:
        return r.choice(NICK[first].split())
    if r.random() < 0.35:
        return r.choice(PET)
    stem = first[: r.choice([3, 3, 4])].rstrip("'-")
    return stem + r.choice(["", "", "ie", "y", "i"]) if len(stem) > 2 else first
