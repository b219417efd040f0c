"""One agency over fourteen months, through the running services: three contracts that share their numbers, two clients,
every figure worked by hand in the margin.

Nordwind buys care for its shop (hours, with rollover) and, upfront for a year, work on its brand; Seeblick buys hours
ahead. A leap day, the clock put back, on and back again, the year's end twice; an upgrade, a pause, corrections
two periods back, a write-off, credit notes, transfers for two contracts, a balance and a refund.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from chassis.auth import Identity, Role
from retainer.client import Client
from retainer.failures import Refusal
from retainer.place import Place
from tests.house import RunningHouse
from tests.stories.atelier import Atelier

pytestmark = pytest.mark.xdist_group("house")

SHOP = """
starts_on: 2027-11-01
ends_on: 2029-01-01
terms:
  cycle: month
  fee: {amount: 2000.00}
  allowance: {hours: 20}
  rollover: {cap: 5, expires_after: 1}
  overage: {policy: bill, rate: 125.00}
  rounding: {minutes: 15, mode: up, per: entry}
  tax: {category: standard, rate: 19}
"""
BRAND = """
starts_on: 2027-11-15
terms:
  cycle: month
  fee: {amount: 3660.00, every: year}
  allowance: {hours: 4}
  overage: {policy: bill, rate: 130.00}
  tax: {category: standard, rate: 19}
"""
HELP = """
starts_on: 2027-10-31
ends_on: 2028-12-31
terms:
  cycle: month
  bank: true
  overage: {policy: bill, rate: 110.00}
  tax: {category: reverse_charge}
"""


@pytest.fixture
def atelier(house: RunningHouse) -> Iterator[Atelier]:
    place = Place(house.settings)
    token = place.tokens().issue(Identity(f"atelier-{uuid4().hex[:12]}", "owner", Role.OWNER), days=1)
    with Client(place, token) as client:
        yield Atelier(client, begins_on="2027-10-01")


def test_every_figure_of_fourteen_months(atelier: Atelier) -> None:
    agree(atelier)
    live_through_the_first_winter(atelier)
    live_through_the_upgrade_and_the_pause(atelier)
    live_through_the_summer(atelier)
    live_through_the_second_winter(atelier)
    look_back(atelier)


def agree(atelier: Atelier) -> None:
    atelier.wins("nordwind")
    atelier.wins("seeblick")
    atelier.agrees("shop", "nordwind", SHOP)
    atelier.agrees("brand", "nordwind", BRAND)
    atelier.agrees("help", "seeblick", HELP)


def live_through_the_first_winter(atelier: Atelier) -> None:
    assert atelier.lives_until("2027-10-30") == []
    atelier.sells_block("help", "20:00", "1900.00", expires_on="2028-02-29")  # the last day it can be used is 02-28
    assert atelier.lives_until("2027-10-31") == [
        "2027-10-31 2027-0001 help: bank 2027-10-31 1900.00: 1900.00 + 0.00 = 1900.00"
    ]
    # from 01:30 in summer time, over the hour that comes twice, to 03:30 in winter time: three hours all the same
    atelier.logs("h1", "help", "3:00", "2027-10-31T01:30:00+02:00")
    assert atelier.period("help") == "0:00 + 20:00 - 3:00: 17:00 left, 0:00 over, 0:00 lapsed"

    assert atelier.lives_until("2027-11-08") == [  # 2000.00 * 19 % = 380.00
        "2027-11-01 2027-0002 shop: fee 2027-11-01 2000.00: 2000.00 + 380.00 = 2380.00"
    ]
    atelier.logs("s1", "shop", "8:00")
    assert atelier.lives_until("2027-11-12") == []
    atelier.is_paid("t1", "seeblick", "1900.00")
    assert atelier.owes("seeblick") == "nothing; credit 0.00"
    assert atelier.lives_until("2027-11-20") == [  # 3660.00 * 19 % = 695.40
        "2027-11-15 2027-0003 brand: fee 2027-11-15 3660.00: 3660.00 + 695.40 = 4355.40"
    ]
    assert atelier.owes("nordwind") == "2027-0002 2380.00, 2027-0003 4355.40; credit 0.00"
    atelier.is_paid("n1", "nordwind", "6735.40")  # one transfer for two contracts: 2380.00 + 4355.40
    assert atelier.owes("nordwind") == "nothing; credit 0.00"
    assert atelier.lives_until("2027-11-23") == []
    atelier.logs("s2", "shop", "6:20")  # 6:30; with 8:00: 14:30

    assert atelier.lives_until("2027-12-06") == [
        "2027-12-01 2027-0004 shop: fee 2027-12-01 2000.00: 2000.00 + 380.00 = 2380.00"
    ]
    # 5:30 are left, 5:00 go on at most
    assert atelier.period("shop", "2027-11-30") == "20:00 + 0:00 - 14:30: 5:30 left, 0:00 over, 0:30 lapsed"
    atelier.logs("s3", "shop", "12:00")
    assert atelier.lives_until("2027-12-10") == []
    atelier.is_paid("n2", "nordwind", "2500.00")
    assert atelier.owes("nordwind") == "nothing; credit 120.00"  # 2500.00 - 2380.00
    assert atelier.lives_until("2027-12-16") == []
    atelier.logs("s4", "shop", "12:00")
    assert atelier.lives_until("2027-12-20") == []
    atelier.logs("b1", "brand", "5:30")  # of 4:00: 1:30 over
    assert atelier.lives_until("2027-12-31") == []
    atelier.logs("s5", "shop", "3:00", "2027-12-31T20:00:00+01:00")
    # 12:00 + 12:00 + 3:00 = 27:00 of 25:00
    assert atelier.period("shop") == "20:00 + 5:00 - 27:00: 0:00 left, 2:00 over, 0:00 lapsed"

    # the year's end: invoices begin at 0001 again.  2:00 * 125.00 = 250.00; 2250.00 * 19 % = 427.50
    assert atelier.lives_until("2028-01-02") == [
        "2028-01-01 2028-0001 shop: overage 2027-12-01 250.00, fee 2028-01-01 2000.00: 2250.00 + 427.50 = 2677.50"
    ]
    assert atelier.owes("nordwind") == "2028-0001 2557.50; credit 0.00"  # 2677.50 - 120.00
    # begun in the old year, over midnight: it belongs to 12-31, on which the bank's third period begins
    atelier.logs("h2", "help", "2:00", "2027-12-31T23:30:00+01:00")
    assert atelier.period("help") == "0:00 + 17:00 - 2:00: 15:00 left, 0:00 over, 0:00 lapsed"
    assert atelier.lives_until("2028-01-12") == []
    atelier.logs("s6", "shop", "15:10")  # 15:15
    assert atelier.lives_until("2028-01-20") == [  # 1:30 * 130.00 = 195.00, 37.05
        "2028-01-15 2028-0002 brand: overage 2027-12-15 195.00: 195.00 + 37.05 = 232.05"
    ]
    atelier.is_paid("n3", "nordwind", "2700.00", invoice="2028-0002")  # 232.05, then 2467.95 of 2557.50
    assert atelier.owes("nordwind") == "2028-0001 89.55; credit 0.00"
    # two periods back: November had 16:30, so 3:30 went on, and December is 3:30 over
    atelier.corrects("s1", "10:00")
    assert atelier.period("shop", "2027-11-30") == "20:00 + 0:00 - 16:30: 3:30 left, 0:00 over, 0:00 lapsed"
    assert atelier.period("shop", "2027-12-31") == "20:00 + 3:30 - 27:00: 0:00 left, 3:30 over, 0:00 lapsed"


def live_through_the_upgrade_and_the_pause(atelier: Atelier) -> None:
    # 1:30 more over: 187.50; 2187.50 * 19 % = 415.625
    assert atelier.lives_until("2028-02-03") == [
        "2028-02-01 2028-0003 shop: overage 2027-12-01 187.50, fee 2028-02-01 2000.00: 2187.50 + 415.63 = 2603.13"
    ]
    atelier.logs("s7", "shop", "9:00")
    atelier.changes("shop", "{fee: {amount: 3000.00}, allowance: {hours: 30}}", "2028-02-11", immediately=True)
    assert atelier.lives_until("2028-02-15") == []
    atelier.sells_block("help", "10:00", "1000.00")
    assert atelier.lives_until("2028-02-18") == []
    atelier.logs("s8", "shop", "14:00")
    assert atelier.lives_until("2028-02-20") == []
    atelier.is_paid("n4", "nordwind", "2692.68")  # 89.55 + 2603.13
    assert atelier.owes("nordwind") == "nothing; credit 0.00"
    assert atelier.lives_until("2028-02-28") == []
    atelier.logs("h3", "help", "9:00")  # from the block that expires first: 6:00 of it are left
    assert atelier.period("help") == "10:00 + 15:00 - 9:00: 16:00 left, 0:00 over, 0:00 lapsed"

    # the leap day is a boundary of the bank, whose anchor is the 31st
    assert atelier.lives_until("2028-02-29") == [
        "2028-02-29 2028-0004 help: bank 2028-01-31 1000.00: 1000.00 + 0.00 = 1000.00"
    ]
    assert atelier.period("help", "2028-02-28") == "10:00 + 15:00 - 9:00: 16:00 left, 0:00 over, 6:00 lapsed"
    atelier.logs("h4", "help", "4:00")
    assert atelier.period("help") == "0:00 + 10:00 - 4:00: 6:00 left, 0:00 over, 0:00 lapsed"
    atelier.logs("s9", "shop", "9:50")  # 10:00
    # 20:00 * 10/29 = 413.8 -> 414 min, 30:00 * 19/29 = 1179.3 -> 1179 min: 1593 = 26:33; January left 20:00 - 15:15
    # 9:00 + 14:00 + 10:00 = 33:00 of 31:18
    assert atelier.period("shop") == "26:33 + 4:45 - 33:00: 0:00 left, 1:42 over, 0:00 lapsed"

    # 2000.00 * 10/29 = 689.66, 3000.00 * 19/29 = 1965.52: 2655.18, less 2000.00.  102 min * 125.00 = 212.50
    # 655.18 + 212.50 + 3000.00 = 3867.68, * 19 % = 734.859
    assert atelier.lives_until("2028-03-10") == [
        "2028-03-01 2028-0005 shop: fee 2028-02-01 655.18, overage 2028-02-01 212.50, fee 2028-03-01 3000.00:"
        " 3867.68 + 734.86 = 4602.54"
    ]
    atelier.is_paid("t2", "seeblick", "1000.00")
    assert atelier.lives_until("2028-03-14") == []
    atelier.logs("s10", "shop", "20:00")
    assert atelier.lives_until("2028-03-26") == []
    # from 01:30 in winter time, over the hour that is left out, to 04:30 in summer time
    atelier.logs("s11", "shop", "2:00", "2028-03-26T01:30:00+01:00")
    assert atelier.period("shop") == "30:00 + 0:00 - 22:00: 8:00 left, 0:00 over, 0:00 lapsed"

    assert atelier.lives_until("2028-04-03") == [
        "2028-04-01 2028-0006 shop: fee 2028-04-01 3000.00: 3000.00 + 570.00 = 3570.00"
    ]
    assert atelier.period("shop", "2028-03-31") == "30:00 + 0:00 - 22:00: 8:00 left, 0:00 over, 3:00 lapsed"
    atelier.pauses("shop", "2028-04-11", "2028-04-21")  # 20 of 30 days are left: 2000.00 and 20:00
    assert atelier.lives_until("2028-04-05") == []
    atelier.logs("s12", "shop", "12:00")
    assert atelier.lives_until("2028-04-10") == []
    assert atelier.owes("nordwind") == "2028-0005 4602.54, 2028-0006 3570.00; credit 0.00"
    atelier.is_paid("n5", "nordwind", "8200.00")  # 8172.54 and 27.46
    assert atelier.owes("nordwind") == "nothing; credit 27.46"
    assert atelier.lives_until("2028-04-15") == []
    with pytest.raises(Refusal, match="ContractPaused"):
        atelier.logs("s13", "shop", "1:00")
    assert atelier.lives_until("2028-04-25") == []
    # two periods back: February had 24:00, 4:45 of them carried: 26:33 - 19:15 = 7:18 are left, 5:00 go on
    atelier.deletes("s7")
    assert atelier.lives_until("2028-04-30") == []
    assert atelier.period("shop", "2028-02-29") == "26:33 + 4:45 - 24:00: 7:18 left, 0:00 over, 2:18 lapsed"
    # 5:00 of March's 22:00 are carried, 17:00 its own
    assert atelier.period("shop", "2028-03-31") == "30:00 + 5:00 - 22:00: 13:00 left, 0:00 over, 8:00 lapsed"
    assert atelier.period("shop") == "20:00 + 5:00 - 12:00: 13:00 left, 0:00 over, 0:00 lapsed"

    # 3000.00 - 1000.00 - 212.50 = 1787.50, * 19 % = 339.625
    assert atelier.lives_until("2028-05-10") == [
        "2028-05-01 2028-0007 shop: overage 2028-02-01 -212.50, fee 2028-04-01 -1000.00, fee 2028-05-01 3000.00:"
        " 1787.50 + 339.63 = 2127.13"
    ]


def live_through_the_summer(atelier: Atelier) -> None:
    assert atelier.owes("nordwind") == "2028-0007 2099.67; credit 0.00"  # 2127.13 - 27.46
    atelier.logs("s14", "shop", "24:00")
    atelier.logs("h5", "help", "7:30")  # of 6:00
    assert atelier.lives_until("2028-05-20") == []
    atelier.is_paid("n6", "nordwind", "2099.67")
    assert atelier.lives_until("2028-05-24") == []
    atelier.logs("s15", "shop", "11:00")  # 24:00 + 11:00: to the minute
    assert atelier.period("shop") == "30:00 + 5:00 - 35:00: 0:00 left, 0:00 over, 0:00 lapsed"

    assert atelier.lives_until("2028-06-15") == [
        "2028-05-31 2028-0008 help: overage 2028-04-30 165.00: 165.00 + 0.00 = 165.00",  # 1:30 * 110.00
        "2028-06-01 2028-0009 shop: fee 2028-06-01 3000.00: 3000.00 + 570.00 = 3570.00",
    ]
    atelier.is_paid("n7", "nordwind", "3570.00")
    atelier.logs("s16", "shop", "20:00")
    assert atelier.lives_until("2028-06-20") == []
    atelier.logs("s17", "shop", "10:40")  # 10:45
    atelier.logs("b2", "brand", "4:45")
    assert atelier.period("shop") == "30:00 + 0:00 - 30:45: 0:00 left, 0:45 over, 0:00 lapsed"
    assert atelier.period("brand") == "4:00 + 0:00 - 4:45: 0:00 left, 0:45 over, 0:00 lapsed"

    assert atelier.lives_until("2028-07-12") == [  # 45 min * 125.00 = 93.75; 3093.75 * 19 % = 587.8125
        "2028-07-01 2028-0010 shop: overage 2028-06-01 93.75, fee 2028-07-01 3000.00: 3093.75 + 587.81 = 3681.56"
    ]
    atelier.logs("s18", "shop", "22:00")
    atelier.changes("shop", "{fee: {amount: 2000.00}, allowance: {hours: 20}}", "2028-08-01")
    assert atelier.lives_until("2028-07-20") == [  # 45 min * 130.00 = 97.50, * 19 % = 18.525
        "2028-07-15 2028-0011 brand: overage 2028-06-15 97.50: 97.50 + 18.53 = 116.03"
    ]
    atelier.corrects("h5", "6:30")  # two periods back: 0:30 over, 55.00
    assert atelier.lives_until("2028-07-25") == []
    atelier.is_paid("n8", "nordwind", "3681.56")  # to the oldest due
    assert atelier.owes("nordwind") == "2028-0011 116.03; credit 0.00"

    assert atelier.lives_until("2028-08-10") == [
        "2028-07-31 CN-2028-0001 help: overage 2028-04-30 -110.00: -110.00 + 0.00 = -110.00",  # 55.00 - 165.00
        "2028-08-01 2028-0012 shop: fee 2028-08-01 2000.00: 2000.00 + 380.00 = 2380.00",
    ]
    assert atelier.owes("seeblick") == "2028-0008 55.00; credit 0.00"  # 165.00 - 110.00
    assert atelier.period("shop", "2028-07-31") == "30:00 + 0:00 - 22:00: 8:00 left, 0:00 over, 3:00 lapsed"
    atelier.writes_off("2028-0011")
    assert atelier.owes("nordwind") == "2028-0012 2380.00; credit 0.00"
    assert atelier.lives_until("2028-08-17") == [  # the credit notes of all contracts are one series
        "2028-08-10 CN-2028-0002 brand cancels 2028-0011: credit 2028-06-15 -97.50: -97.50 + -18.53 = -116.03"
    ]
    atelier.logs("s19", "shop", "6:00")
    assert atelier.period("shop") == "20:00 + 5:00 - 6:00: 19:00 left, 0:00 over, 0:00 lapsed"
    assert atelier.lives_until("2028-08-20") == []
    atelier.is_paid("n9", "nordwind", "2000.00")
    atelier.credits("shop", "2500.00", "the shop was down for a week")
    atelier.sells_block("help", "8:00", "820.00")
    assert atelier.owes("nordwind") == "2028-0012 380.00; credit 0.00"


def live_through_the_second_winter(atelier: Atelier) -> None:
    assert atelier.lives_until("2028-09-13") == [  # 2000.00 - 2500.00 = -500.00, -95.00
        "2028-08-31 2028-0013 help: bank 2028-07-31 820.00: 820.00 + 0.00 = 820.00",
        "2028-09-01 CN-2028-0003 shop: credit 2028-08-01 -2500.00, fee 2028-09-01 2000.00: -500.00 + -95.00 = -595.00",
    ]
    # it pays the 380.00; the 215.00 that are left of it are the balance
    assert atelier.owes("nordwind") == "CN-2028-0003 -215.00; credit 215.00"
    atelier.is_paid("t3", "seeblick", "900.00")  # 55.00 and 820.00
    assert atelier.owes("seeblick") == "nothing; credit 25.00"
    atelier.logs("s20", "shop", "15:00")
    assert atelier.lives_until("2028-09-20") == []
    atelier.logs("s21", "shop", "9:00")
    assert atelier.period("shop") == "20:00 + 5:00 - 24:00: 1:00 left, 0:00 over, 0:00 lapsed"

    assert atelier.lives_until("2028-10-10") == [
        "2028-10-01 2028-0014 shop: fee 2028-10-01 2000.00: 2000.00 + 380.00 = 2380.00"
    ]
    assert atelier.owes("nordwind") == "2028-0014 2165.00; credit 0.00"  # 2380.00 - 215.00
    atelier.is_paid("n10", "nordwind", "2165.00")
    assert atelier.lives_until("2028-10-29") == []
    # from 00:30 in summer time to 04:30 in winter time: five hours; and three more for the bank
    atelier.logs("s22", "shop", "5:00", "2028-10-29T00:30:00+02:00")
    atelier.logs("h6", "help", "3:00", "2028-10-29T02:30:00+02:00")
    assert atelier.period("shop") == "20:00 + 1:00 - 5:00: 16:00 left, 0:00 over, 0:00 lapsed"
    assert atelier.period("help") == "0:00 + 8:00 - 3:00: 5:00 left, 0:00 over, 0:00 lapsed"

    assert atelier.lives_until("2028-11-20") == [
        "2028-11-01 2028-0015 shop: fee 2028-11-01 2000.00: 2000.00 + 380.00 = 2380.00",
        "2028-11-15 2028-0016 brand: fee 2028-11-15 3660.00: 3660.00 + 695.40 = 4355.40",  # the second year
    ]
    atelier.is_paid("n11", "nordwind", "6800.00")  # 2380.00 + 4355.40 = 6735.40
    assert atelier.owes("nordwind") == "nothing; credit 64.60"
    atelier.logs("s23", "shop", "23:00")

    assert atelier.lives_until("2028-12-13") == [
        "2028-12-01 2028-0017 shop: fee 2028-12-01 2000.00: 2000.00 + 380.00 = 2380.00"
    ]
    assert atelier.owes("nordwind") == "2028-0017 2315.40; credit 0.00"
    atelier.is_paid("n12", "nordwind", "2400.00")
    assert atelier.owes("nordwind") == "nothing; credit 84.60"
    atelier.logs("s24", "shop", "21:00")
    assert atelier.lives_until("2028-12-20") == []
    atelier.logs("s25", "shop", "3:00")  # 24:00 of 20:00 and the 2:00 that November left

    # 2:00 * 125.00 = 250.00, 47.50: the shop's contract has ended
    assert atelier.lives_until("2029-01-05") == [
        "2029-01-01 2029-0001 shop: overage 2028-12-01 250.00: 250.00 + 47.50 = 297.50"
    ]
    assert atelier.owes("nordwind") == "2029-0001 212.90; credit 0.00"  # 297.50 - 84.60
    atelier.is_paid("n13", "nordwind", "250.00")
    assert atelier.owes("nordwind") == "nothing; credit 37.10"
    atelier.pays_back("r1", "nordwind", "20.00")
    assert atelier.owes("nordwind") == "nothing; credit 17.10"


def look_back(atelier: Atelier) -> None:
    """All periods as they are today, the numbers without a gap, the sums, and the chain of every account."""
    shop = {
        "2027-11-01": "20:00 + 0:00 - 16:30: 3:30 left, 0:00 over, 0:00 lapsed",
        "2027-12-01": "20:00 + 3:30 - 27:00: 0:00 left, 3:30 over, 0:00 lapsed",
        "2028-01-01": "20:00 + 0:00 - 15:15: 4:45 left, 0:00 over, 0:00 lapsed",
        "2028-02-01": "26:33 + 4:45 - 24:00: 7:18 left, 0:00 over, 2:18 lapsed",
        "2028-03-01": "30:00 + 5:00 - 22:00: 13:00 left, 0:00 over, 8:00 lapsed",
        "2028-04-01": "20:00 + 5:00 - 12:00: 13:00 left, 0:00 over, 8:00 lapsed",
        "2028-05-01": "30:00 + 5:00 - 35:00: 0:00 left, 0:00 over, 0:00 lapsed",
        "2028-06-01": "30:00 + 0:00 - 30:45: 0:00 left, 0:45 over, 0:00 lapsed",
        "2028-07-01": "30:00 + 0:00 - 22:00: 8:00 left, 0:00 over, 3:00 lapsed",
        "2028-08-01": "20:00 + 5:00 - 6:00: 19:00 left, 0:00 over, 14:00 lapsed",  # 5:00 carried and 1:00; 5:00 go on
        "2028-09-01": "20:00 + 5:00 - 24:00: 1:00 left, 0:00 over, 0:00 lapsed",
        "2028-10-01": "20:00 + 1:00 - 5:00: 16:00 left, 0:00 over, 11:00 lapsed",
        "2028-11-01": "20:00 + 5:00 - 23:00: 2:00 left, 0:00 over, 0:00 lapsed",
        "2028-12-01": "20:00 + 2:00 - 24:00: 0:00 left, 2:00 over, 0:00 lapsed",
    }
    help_ = {
        "2027-10-31": "0:00 + 20:00 - 3:00: 17:00 left, 0:00 over, 0:00 lapsed",
        "2027-11-30": "0:00 + 17:00 - 0:00: 17:00 left, 0:00 over, 0:00 lapsed",
        "2027-12-31": "0:00 + 17:00 - 2:00: 15:00 left, 0:00 over, 0:00 lapsed",
        "2028-01-31": "10:00 + 15:00 - 9:00: 16:00 left, 0:00 over, 6:00 lapsed",
        "2028-02-29": "0:00 + 10:00 - 4:00: 6:00 left, 0:00 over, 0:00 lapsed",
        "2028-03-31": "0:00 + 6:00 - 0:00: 6:00 left, 0:00 over, 0:00 lapsed",
        "2028-04-30": "0:00 + 6:00 - 6:30: 0:00 left, 0:30 over, 0:00 lapsed",
        "2028-05-31": "0:00 + 0:00 - 0:00: 0:00 left, 0:00 over, 0:00 lapsed",
        "2028-06-30": "0:00 + 0:00 - 0:00: 0:00 left, 0:00 over, 0:00 lapsed",
        "2028-07-31": "8:00 + 0:00 - 0:00: 8:00 left, 0:00 over, 0:00 lapsed",
        "2028-08-31": "0:00 + 8:00 - 0:00: 8:00 left, 0:00 over, 0:00 lapsed",
        "2028-09-30": "0:00 + 8:00 - 3:00: 5:00 left, 0:00 over, 0:00 lapsed",
        "2028-10-31": "0:00 + 5:00 - 0:00: 5:00 left, 0:00 over, 0:00 lapsed",
        "2028-11-30": "0:00 + 5:00 - 0:00: 5:00 left, 0:00 over, 5:00 lapsed",  # with the contract's end
    }
    assert {start: atelier.period("shop", start) for start in shop} == shop
    assert {start: atelier.period("help", start) for start in help_} == help_

    invoices = [f"2027-{n:04}" for n in range(1, 5)] + [f"2028-{n:04}" for n in range(1, 18)] + ["2029-0001"]
    assert sorted(atelier.numbers()) == [*invoices, *(f"CN-2028-{n:04}" for n in range(1, 4))]

    # shop: fees 3 * 2000.00 + 2655.18 + 3000.00 + 2000.00 + 3 * 3000.00 + 5 * 2000.00 = 32655.18
    #       overage 437.50 + 93.75 + 250.00 = 781.25; credit -2500.00
    # brand: 2 * 3660.00 + 195.00 + 97.50 - 97.50.  help: 1900.00 + 1000.00 + 820.00 + 55.00
    for contract, cents in {"shop": 3093643, "brand": 751500, "help": 377500}.items():
        assert atelier.asked_of(contract) == atelier.charges_of(contract) == cents
        assert atelier.flaws_of(contract) == []
